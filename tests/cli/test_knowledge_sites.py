"""socialai knowledge read-site, on a real site on this machine."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Run
from tests.knowledge.web.site import Site, serving


@pytest.fixture
def shop() -> Iterator[Site]:
    with serving() as site:
        site.pages |= {
            "/": '<h1>Fjord Tents</h1><p>We make tents in Bergen.</p><a href="/shipping">Shipping</a>',
            "/shipping": "<h1>Shipping</h1><p>Shipping to Norway costs 9 EUR.</p>",
        }
        yield site


def test_a_site_is_read_indexed_and_found(run: Run, shop: Site) -> None:
    opened = {"SOCIALAI_FETCH_PRIVATE": shop.host, "SOCIALAI_FETCH_PAUSE_SECONDS": "0"}
    done = run("knowledge", "read-site", shop.url, "-t", "acme", **opened)
    assert done.exit_code == 0, done.exception
    assert done.stdout.count("read") >= 2
    hits = json.loads(run("knowledge", "search", "shipping to Norway", "-t", "acme", "--json").stdout)
    assert hits[0]["title"] == "Shipping"
    shop.pages["/shipping"] = "<h1>Shipping</h1><p>Shipping to Norway costs 12 EUR.</p>"
    again = run("knowledge", "read-site", shop.url, "-t", "acme", **opened)
    assert "unchanged" in again.stdout
    assert "12 EUR" in run("knowledge", "search", "shipping to Norway", "-t", "acme").stdout


def test_one_page_alone(run: Run, shop: Site) -> None:
    opened = {"SOCIALAI_FETCH_PRIVATE": shop.host, "SOCIALAI_FETCH_PAUSE_SECONDS": "0"}
    run("knowledge", "read-site", shop.url, "--only", "-t", "acme", **opened)
    assert shop.pages_asked() == ["/"]


def test_this_machine_is_no_web_site(run: Run, shop: Site) -> None:
    done = run("knowledge", "read-site", shop.url, "-t", "acme", SOCIALAI_FETCH_PAUSE_SECONDS="0")
    assert done.exit_code == 1
    assert "not on the public internet" in done.stderr
    assert shop.asked == []
