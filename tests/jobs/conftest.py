"""acme's desk: jobs run when their doorbell is due by the test's clock."""

from collections.abc import Iterator

import httpx
import pytest

from socialai.actions import crms
from socialai.context import App
from socialai.inference.models import Models
from socialai.resources import resource
from tests import cast
from tests.conftest import Wire
from tests.jobs.crm_stands import STANDS, Stand
from tests.jobs.desk import PAGE, Desk
from tests.jobs.page import Page


@pytest.fixture(scope="session")
def models() -> Iterator[Models]:
    """The real ones, loaded once."""
    loaded = Models(resource("models"))
    yield loaded
    loaded.close()


@pytest.fixture
def page(clock: cast.Clock, wire: Wire) -> Page:
    made = Page(clock, PAGE)
    wire.answer = made
    return made


@pytest.fixture
def desk(app: App, clock: cast.Clock, page: Page, ids: dict[str, cast.Ids], models: Models) -> Desk:
    app.crms.disconnect("acme", ids["acme"].crm_id)  # who wants one connects one that answers
    return Desk(app, clock, page, ids["acme"], models)


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """A contact wrote and waits; nothing is written back yet."""
    desk.says("thanks")
    desk.wait(10)
    return desk


@pytest.fixture(params=STANDS, ids=lambda stand: stand.kind)
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    made: Stand = request.param()
    with made.sandbox:
        yield made


@pytest.fixture
def shop(desk: Desk, wire: Wire, stand: Stand) -> Iterator[Desk]:
    """acme with its CRM connected; it is asked over real HTTP."""
    page = wire.answer

    def answer(request: httpx.Request) -> httpx.Response:
        if not str(request.url).startswith(stand.sandbox.base_url):
            return page(request)
        body = request.read()
        return real.request(request.method, request.url, headers=request.headers, content=body)

    wire.answer = answer
    with httpx.Client() as real:
        _, findings = crms.connect(desk.app, desk.olga, stand.kind, stand.sandbox.values())
        assert {finding.state for finding in findings} == {"ok"}
        yield desk
