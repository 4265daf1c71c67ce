"""socialai knowledge: what a tenant's answers are made of."""

from pathlib import Path
from typing import Annotated

import typer

from socialai.actions import articles as actions
from socialai.cli.knowledge_gaps import gaps
from socialai.cli.knowledge_sites import read_site
from socialai.cli.options import JsonOption, TenantOption, choose
from socialai.cli.output import Advance, plain, print_json, progress, say, table, warn
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.knowledge import Article, ArticleSummary, Hit
from socialai.errors import Conflict, InvalidInput
from socialai.knowledge.readers.read import MAX_BYTES
from socialai.security.permissions import Principal, operator
from socialai.store import articles

group = typer.Typer(name="knowledge", help="What a tenant's answers are made of.", no_args_is_help=True)

_EVERY = 1_000_000


@group.command("add")
def add(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(help="Markdown, text, PDF, DOCX, HTML or CSV.", exists=True, dir_okay=False),
    ],
    tenant: TenantOption = None,
) -> None:
    """Add files as articles and index them at once. A file that is there already is left as it is.

    \b
    socialai knowledge add shipping.md returns.pdf
    """
    with program(context).opened() as app:
        who = operator(choose(app, tenant))
        with progress("Reading and indexing", len(files)) as advance:
            refused = sum(not _add(app, who, path, advance) for path in files)
    if refused:
        raise typer.Exit(1)


@group.command("list")
def list_(context: typer.Context, tenant: TenantOption = None, as_json: JsonOption = False) -> None:
    """Show the articles, newest first."""
    with program(context).opened() as app:
        found = app.files.tenant(choose(app, tenant)).read(lambda db: articles.articles(db, limit=_EVERY))
    if as_json:
        print_json(found)
    else:
        columns = ("Id", "Title", "Kind", "Pieces", "State", "Changed")
        table(columns, [_row(article) for article in found], "Nothing is known yet.")


@group.command("remove")
def remove(
    context: typer.Context,
    article_ids: Annotated[list[int], typer.Argument(metavar="ID…", help="As `knowledge list` shows them.")],
    tenant: TenantOption = None,
) -> None:
    """Forget articles: nothing of them is found or quoted any more."""
    with program(context).opened() as app:
        who = operator(choose(app, tenant))
        for article_id in article_ids:
            actions.remove(app, who, article_id)
            say(f"Removed article {article_id}.")


@group.command("search")
def search(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What a customer might ask.")],
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many at most.")] = 5,
    tenant: TenantOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is found for a question, the best first.

    \b
    socialai knowledge search "shipping to Norway" --limit 3
    """
    with program(context).opened() as app:
        hits = actions.look_up(app, operator(choose(app, tenant)), question, limit)
    if as_json:
        print_json(hits)
    else:
        _show(hits)


def _add(app: App, who: Principal, path: Path, advance: Advance) -> bool:
    """False when the file cannot be used; why is said."""
    try:
        with path.open("rb") as file:
            article = actions.upload(app, who, path.name, file.read(MAX_BYTES + 1))
    except Conflict as error:
        say(f"{path.name}: {error}")
        return True
    except (InvalidInput, OSError) as error:
        warn(f"{path.name}: {error}")
        return False
    finally:
        advance(1)
    app.tasks.run("index", who.tenant_id, article.id)
    return _told(app.files.tenant(who.tenant_id).read(lambda db: articles.get(db, article.id)), path)


def _told(article: Article, path: Path) -> bool:
    if article.index_error:
        warn(f"{path.name}: {article.index_error}")
        return False
    say(f"{path.name}: added as article {article.id}, '{article.title}'.")
    return True


def _row(article: ArticleSummary) -> tuple[object, ...]:
    state = article.index_error or ("indexed" if article.indexed_at else "waiting")
    return article.id, article.title, article.kind, article.chunks, state, article.updated_at


def _show(hits: list[Hit]) -> None:
    if not hits:
        say("Nothing is found.")
    for hit in hits:
        place = " › ".join(part for part in (hit.title, hit.heading) if part)
        typer.secho(plain(f"{hit.score:.2f}  {place}  (article {hit.article_id})"), bold=True)
        say(f"      {hit.text[:300]}")


group.command("read-site")(read_site)
group.command("gaps")(gaps)
