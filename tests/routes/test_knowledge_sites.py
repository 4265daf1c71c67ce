"""Web sites over pages and API; that they are read is tested with the job."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.context import App
from socialai.store import site_pages, sites
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]


@pytest.fixture
def file(app: App) -> Any:
    return app.files.tenant("acme")


def test_a_site_is_added_by_its_form_and_read(client: Client, browser: Browser, file: Any, app: App) -> None:
    typed = {"url": "shop.example/help", "whole": "on", "every_hours": "24"}
    answer = client.post("/knowledge/sites", headers=browser("adam"), data=typed, follow_redirects=False)
    assert answer.headers["location"] == "/knowledge/sites/2"
    made = file.read(lambda db: sites.get(db, 2))
    assert (made.url, made.whole, made.every_hours) == ("https://shop.example/help", True, 24)
    assert app.tasks.depth() == 1
    assert "shop.example/help" in client.get("/knowledge/sites", headers=browser("vera")).text


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://", "https://1001.example"])
def test_what_cannot_be_read_is_said_beside_what_was_typed(
    client: Client, browser: Browser, url: str
) -> None:
    answer = client.post("/knowledge/sites", headers=browser("adam"), data={"url": url})
    assert answer.status_code == 400
    assert "field-error" in answer.text
    assert url in answer.text


def test_a_site_shows_how_far_its_reading_is_and_what_became_of_each_page(
    client: Client, browser: Browser, file: Any, app: App
) -> None:
    def read(db: Any) -> None:
        sites.read_again(db, 1, app.clock())
        sites.claim(db, 1, app.clock())
        site_pages.add(db, 1, ["https://1001.example/a", "https://1001.example/b"], 0, 9)
        site_pages.checked(db, 1, "failed", app.clock(), "The page takes too long to come.")

    file.write(read)
    shown = client.get("/knowledge/sites/1", headers=browser("vera")).text
    assert "1 of 2 pages" in shown
    assert "too long" in shown
    assert "Read it now" not in shown
    part = client.get("/knowledge/sites/1", headers=browser("vera") | {"hx-request": "true"}).text
    assert part.lstrip().startswith('<section id="site"')


def test_a_site_is_scheduled_read_again_and_removed(client: Client, browser: Browser, file: Any) -> None:
    headers = browser("olga")
    client.post("/knowledge/sites/1/schedule", headers=headers, data={"every_hours": "168"})
    assert file.read(lambda db: sites.get(db, 1)).every_hours == 168
    client.post("/knowledge/sites/1/read", headers=headers)
    client.post("/knowledge/sites/1/delete", headers=headers, data={"with_articles": "on"})
    assert file.read(sites.sites) == []


def test_readers_add_and_remove_nothing(client: Client, browser: Browser) -> None:
    headers = browser("anna")
    assert client.post("/knowledge/sites", headers=headers, data={"url": "shop.example"}).status_code == 403
    assert client.post("/knowledge/sites/1/delete", headers=headers).status_code == 403
    assert "Read my website" not in client.get("/knowledge/sites", headers=headers).text


def test_the_api_adds_lists_changes_and_removes_sites(api: Callable[..., Any]) -> None:
    added = api("adam", "POST", "/sites", json={"url": "shop.example", "every_hours": 24})
    assert added.status_code == 201
    path = f"/sites/{added.json()['id']}"
    assert api("vera", "GET", path).json()["progress"]["waiting"] == 0
    assert len(api("vera", "GET", "/sites").json()["items"]) == 2
    assert api("adam", "PUT", path, json={"every_hours": None}).json()["every_hours"] is None
    assert api("adam", "POST", f"{path}/read").status_code == 204
    assert api("adam", "DELETE", f"{path}?with_articles=true").status_code == 204
    assert api("adam", "GET", path).status_code == 404


def test_the_api_refuses_what_is_no_address_or_there_already(api: Callable[..., Any]) -> None:
    assert api("adam", "POST", "/sites", json={"url": "javascript:alert(1)"}).status_code == 400
    assert api("adam", "POST", "/sites", json={"url": "https://1001.example"}).status_code == 409


def test_details_of_an_article_over_the_api(api: Callable[..., Any]) -> None:
    details = {"valid_from": "2026-12-01T00:00:00+01:00", "owner_id": None}
    changed = api("adam", "PUT", "/articles/1/details", json=details).json()
    assert changed["valid_from"] == "2026-11-30T23:00:00Z"
    assert [a["id"] for a in api("vera", "GET", "/articles?which=early").json()["items"]] == [1]
    assert api("vera", "GET", "/articles?which=valid").json()["items"] == []
    assert (
        api("adam", "PUT", "/articles/1/details", json={"valid_from": "2026-12-01T00:00:00"}).status_code
        == 400
    )
    assert api("adam", "PUT", "/articles/1/details", json={"owner_id": 9999}).status_code == 404
