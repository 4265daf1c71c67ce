"""Whose knowledge is asked: a tenant's of this data directory, or a folder's, in a throw-away tenant."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from socialai import log, settings
from socialai.actions import articles as actions
from socialai.cli.options import choose
from socialai.cli.output import progress
from socialai.cli.program import Program
from socialai.context import App
from socialai.errors import Conflict, InvalidInput
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import articles

SUFFIXES = frozenset({".md", ".txt", ".csv", ".tsv", ".faq", ".html", ".htm", ".pdf", ".docx"})
_TENANT = "measured"


@contextmanager
def opened(program: Program, tenant: str | None, knowledge: Path | None) -> Iterator[tuple[App, str]]:
    """The hub without its workers, and the tenant to ask."""
    if knowledge is None:
        with program.opened() as app:
            yield app, choose(app, tenant)
        return
    if tenant is not None:
        raise InvalidInput("Choose either --tenant or --knowledge.")
    files = _files(knowledge)
    with TemporaryDirectory(prefix="socialai-eval-") as folder, _hub(program, Path(folder)) as app:
        _learn(app, files)
        yield app, _TENANT


@contextmanager
def made_up(program: Program, known: Sequence[tuple[str, str]]) -> Iterator[tuple[App, str]]:
    """A throw-away tenant that knows these articles, each a title and its Markdown."""
    with TemporaryDirectory(prefix="socialai-eval-") as folder, _hub(program, Path(folder)) as app:
        with progress("Reading and indexing", len(known)) as advance:
            for title, text in known:
                article = actions.add(app, operator(_TENANT), title, "markdown", text, "evaluation")
                app.tasks.run("index", _TENANT, article.id)
                advance(1)
        yield app, _TENANT


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {folder}. Give one with the business's files.")
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    if not found:
        raise InvalidInput(
            f"There is nothing to read in {folder}. It may hold {', '.join(sorted(SUFFIXES))}."
        )
    return found


@contextmanager
def _hub(program: Program, folder: Path) -> Iterator[App]:
    """A data directory of its own, with the models of the one in use."""
    own = settings.load()
    if (own.data_dir / "models").exists():
        (folder / "models").symlink_to(own.data_dir / "models", target_is_directory=True)
    log.configure(own.log_level)
    app = program.build(_elsewhere(own, folder))
    try:
        app.files.create(_TENANT)
        yield app
    finally:
        program.stop(app)


def _elsewhere(own: Settings, folder: Path) -> Settings:
    return replace(own, data_dir=folder)


def _learn(app: App, files: list[Path]) -> None:
    with progress("Reading and indexing", len(files)) as advance:
        for path in files:
            _add(app, path)
            advance(1)


def _add(app: App, path: Path) -> None:
    try:
        article = actions.upload(app, operator(_TENANT), path.name, path.read_bytes())
    except Conflict:
        return  # the same text in two files is one article
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from None
    app.tasks.run("index", _TENANT, article.id)
    if failed := app.files.tenant(_TENANT).read(lambda db: articles.get(db, article.id)).index_error:
        raise InvalidInput(f"{path}: {failed}")
