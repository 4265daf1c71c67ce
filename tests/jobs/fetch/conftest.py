from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from socialai.context import App
from socialai.settings import Settings
from tests import cast
from tests.jobs.fetch.reader import Reader, page
from tests.knowledge.web import site as web


@pytest.fixture
def shop() -> Iterator[web.Site]:
    with web.serving() as started:
        started.pages |= {
            "/": page(
                "Fjord Tents",
                "We make tents in Bergen.",
                "/shipping",
                "/returns",
                "https://elsewhere.example/",
            ),
            "/shipping": page("Shipping", "Shipping to Norway costs 9 EUR.", "/", "/shipping#top"),
            "/returns": page("Returns", "Send it back within 30 days.", "/shipping/", "/logo.png"),
        }
        yield started


@pytest.fixture
def settings(stage: Path, tmp_path: Path, shop: web.Site) -> Settings:
    return Settings(
        data_dir=Path(copytree(stage, tmp_path / "data")),
        fetch_private=(shop.host,),
        fetch_seconds=5.0,
        max_page_bytes=100_000,
        max_site_pages=10,
    )


@pytest.fixture
def reader(app: App, clock: cast.Clock, shop: web.Site) -> Reader:
    return Reader(app, clock, shop)
