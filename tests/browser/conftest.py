"""A hub as it really runs, its stand-in platform, and a browser that looks at it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from socialai import app as hub
from socialai.context import App
from socialai.jobs.index import index
from socialai.sandbox.meta.graph import Sandbox
from socialai.security import accounts, set_up
from socialai.settings import Settings
from socialai.store import articles
from tests.serving import running

PASSWORD = "green tomato soup"
EMAIL = "olga@acme.example"
TENANT = "acme"
SHIPPING = "We ship to Norway and Sweden. Shipping to Norway costs 9 EUR and takes 3 to 5 working days."
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=15_000)


class Stage(Struct, frozen=True):
    url: str
    app: App
    sandbox: Sandbox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Playwright keeps an event loop running in its thread, where no other test may then start one: these
    tests run on one worker, one after the other, and the browser ends with them."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("There is no chromium here. Install it to see the pages: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture
def app(tmp_path: Path) -> App:
    return hub.build(Settings(data_dir=tmp_path / "data", debounce_seconds=0.05, reconcile_seconds=0.2))


@pytest.fixture
def empty_stage(app: App, sandbox: Sandbox) -> Iterator[Stage]:
    """A hub at its first start."""
    with running(app) as url:
        yield Stage(url, app, sandbox)


@pytest.fixture
def stage(app: App, sandbox: Sandbox) -> Iterator[Stage]:
    """Acme with a Page and something to answer from."""
    furnish(app, sandbox)
    with running(app) as url:
        sandbox.connect(f"{url}/webhooks/facebook/{TENANT}", "a-word")
        yield Stage(url, app, sandbox)


def furnish(app: App, sandbox: Sandbox) -> None:
    accounts.set_up(app.gate, TENANT, "Acme", EMAIL, "Olga Berg", PASSWORD)
    file = app.files.create(TENANT)
    shipping = file.write(
        lambda db: articles.add(
            db, title="Shipping", kind="text", text=SHIPPING, source="test", now=app.clock()
        )
    )
    index(app, TENANT, shipping.id)
    page = sandbox.account()
    values = {
        "page_id": page.id,
        "page_token": page.token,
        "app_secret": sandbox.world.apps[0].secret,
        "verify_token": "a-word",
        "graph_url": sandbox.base_url,
    }
    app.channels.connect(TENANT, "facebook", "Acme on Facebook", values, app.clock())


class Watched:
    """A page, and what it did that none of ours should do."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        # htmx says so when a page is left while it asks.
        page.on("console", lambda said: self._note(_is_bad(said) and "htmx:" not in said.text, said.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("response", lambda answer: self._note(answer.status >= 400, f"{answer.status} {answer.url}"))
        page.on("request", lambda asked: self._note(not asked.url.startswith((url, "data:")), asked.url))

    def _note(self, is_wrong: bool, what: str) -> None:
        if is_wrong:
            self.complaints.append(what)


def _is_bad(said: ConsoleMessage) -> bool:
    return said.type in ("error", "warning")


Look = Callable[..., Watched]


@pytest.fixture
def look(chromium: Browser) -> Iterator[Look]:
    """`look(stage, PHONE)`: a fresh browser on the hub; at the end nothing may have been complained of."""
    opened: list[tuple[BrowserContext, Watched]] = []

    def open_(stage: Stage, size: Any = DESKTOP, *, signed_in: bool = True) -> Watched:
        context = chromium.new_context(viewport=size, base_url=stage.url, reduced_motion="reduce")
        watched = Watched(context.new_page(), stage.url)
        opened.append((context, watched))
        if signed_in:
            sign_in(watched.page)
        return watched

    yield open_
    complaints = [what for _, watched in opened for what in watched.complaints]
    for context, _ in opened:
        context.close()
    assert complaints == []


def sign_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")
    expect(page.locator("html")).to_have_attribute("data-live", "on")


def set_up_token(stage: Stage) -> str:
    return set_up.new_token(stage.app.settings.data_dir, stage.app.clock())
