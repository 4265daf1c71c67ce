"""A hub whose parts break: acme's desk, its webhooks, and hubs started on what was broken."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from socialai import app as building
from socialai.context import App
from socialai.intake import Intake
from socialai.routes.edge import site
from socialai.settings import Settings
from tests import cast
from tests.faults.hooks import Client
from tests.jobs.conftest import desk, models, page

__all__ = ["desk", "models", "page"]


@pytest.fixture
def start(clock: cast.Clock) -> Iterator[Callable[[Settings], App]]:
    """Builds a hub on a data directory that something was done to."""
    built: list[App] = []

    def build(settings: Settings) -> App:
        outside = httpx.MockTransport(lambda _: httpx.Response(500))
        built.append(building.build(settings, clock, outside))
        return built[-1]

    yield build
    for app in built:
        building.stop(app)


@pytest.fixture
def serve() -> Iterator[Callable[[App], Client]]:
    """A client of the hub's routes."""
    opened: list[Client] = []

    def open_client(app: App) -> Client:
        client = Client(site(app), base_url="http://127.0.0.1", raise_server_exceptions=False)
        client.app.state["intake"] = Intake(app.files, app.tasks, app.clock)
        opened.append(client.__enter__())
        return client

    yield open_client
    for client in opened:
        client.__exit__(None, None, None)
