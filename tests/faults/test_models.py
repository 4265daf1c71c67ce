"""Model files that are gone or damaged: people get the messages with the reason, and /ready says so."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from socialai import log
from socialai.actions.health import faults
from socialai.context import App
from socialai.inference.models import Models
from socialai.resources import resource
from socialai.settings import Settings
from tests import bundles
from tests.faults.hooks import Client
from tests.jobs.desk import Desk
from tests.minds import thinking_with


@pytest.fixture
def folder(tmp_path: Path, app: App) -> Path:
    """acme's own copy of the models, to be broken."""
    return Path(shutil.copytree(resource("models"), app.settings.data_dir / "models"))


def remove(folder: Path) -> None:
    (folder / "encoder" / "model.onnx").unlink()


def cut(folder: Path) -> None:
    path = folder / "encoder" / "model.onnx"
    path.write_bytes(path.read_bytes()[:100_000])


def scribble(folder: Path) -> None:
    (folder / "triage" / "model.onnx").write_bytes(b"nonsense")


def empty(folder: Path) -> None:
    (folder / "triage" / "manifest.json").write_text("", "utf-8")


BREAKS = [remove, cut, scribble, empty]


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_messages_go_to_a_person_with_the_reason(
    desk: Desk, folder: Path, damage: Callable[[Path], None]
) -> None:
    desk.auto()
    damage(folder)
    broken = Models(folder)
    desk.app = thinking_with(desk.app, broken)
    desk.says("Do you ship to Norway?")
    desk.wait(10)
    broken.close()
    reason = desk.conversation().escalation_reason or ""
    assert reason.startswith("the assistant could not work: The model")
    assert str(folder) in reason
    assert "damaged" in reason
    assert desk.page.sent == []
    assert desk.conversation().state == "escalated"


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_a_hub_whose_models_are_damaged_says_that_it_is_not_ready(
    settings: Settings,
    start: Callable[[Settings], App],
    serve: Callable[[App], Client],
    tmp_path: Path,
    damage: Callable[[Path], None],
) -> None:
    folder = Path(shutil.copytree(resource("models"), tmp_path / "models"))
    damage(folder)
    app = thinking_with(start(settings), Models(folder))
    client = serve(app)
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503
    [fault] = [fault for fault in faults(app) if fault.part == "models"]
    assert str(folder) in fault.message
    app.models.close()


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_when_installed_models_break_those_before_them_serve(
    settings: Settings,
    start: Callable[[Settings], App],
    serve: Callable[[App], Client],
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    newest = bundles.activated(settings.data_dir, bundles.make_set(tmp_path / "brought"))
    damage(newest.folder)
    log.configure("INFO")
    app = start(settings)
    assert serve(app).get("/ready").status_code == 200
    assert app.models.read(["hello"]).understood
    said = capsys.readouterr().err
    assert "installed models are refused" in said
    assert str(newest.folder) in said
    assert "socialai models import" in said
