"""The hub on real files with the cast in it; only the outside wire is replaced."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import settings as hypothesis_settings

from socialai import app as hub
from socialai import log
from socialai.context import App
from socialai.settings import Settings
from tests import cast

# No test has a time limit: this machine may be shared.
hypothesis_settings.register_profile("hub", deadline=None)
hypothesis_settings.load_profile("hub")


class Wire:
    """The outside: keeps what was asked of it, answers what it is told to."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(
            200, json={"id": "1001", "name": "Acme on Facebook", "message_id": "m_sent"}
        )

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)


@pytest.fixture(autouse=True)
def logs() -> None:
    """A command under test may have sent them to a stream of its own, which is gone."""
    log.configure("INFO")


@pytest.fixture
def clock() -> cast.Clock:
    return cast.Clock()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cast's data directory, made once: keys and passwords take their time."""
    folder = tmp_path_factory.mktemp("stage") / "data"
    app = hub.build(Settings(data_dir=folder), cast.Clock())
    (folder / "ids.json").write_bytes(msgspec.json.encode(cast.bring_up(app)))
    hub.stop(app)
    return folder


@pytest.fixture
def ids(stage: Path) -> dict[str, cast.Ids]:
    """By tenant."""
    return msgspec.json.decode((stage / "ids.json").read_bytes(), type=dict[str, cast.Ids])


@pytest.fixture
def settings(stage: Path, tmp_path: Path) -> Settings:
    return Settings(data_dir=Path(shutil.copytree(stage, tmp_path / "data")))


@pytest.fixture
def app(settings: Settings, clock: cast.Clock, wire: Wire) -> Iterator[App]:
    """Built, not started: jobs run when a test runs them. Rival is the same at the end, row for row."""
    built = hub.build(settings, clock, httpx.MockTransport(wire))
    rival = built.files.path("rival")
    before = cast.rows(rival)
    yield built
    hub.stop(built)
    assert cast.rows(rival) == before, "rival was touched"


@pytest.fixture
def empty_app(tmp_path: Path, clock: cast.Clock, wire: Wire) -> Iterator[App]:
    """A hub at its first start: nobody is there yet."""
    built = hub.build(Settings(data_dir=tmp_path / "empty"), clock, httpx.MockTransport(wire))
    yield built
    hub.stop(built)
