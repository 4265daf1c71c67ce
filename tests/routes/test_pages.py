"""Every page: for whom it is, whole or in part, and what no page may hold."""

import re
import sqlite3
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from socialai.context import App
from socialai.domain.happening import Attachment, Received
from socialai.store import contacts, conversations, messages
from tests import cast
from tests.routes.conftest import Client, Headers

EVERYONE = ("olga", "adam", "anna", "vera")
ADMINS = ("olga", "adam")
TEAM = ("olga", "adam", "anna")
PAGES = {
    "/inbox": EVERYONE,
    "/inbox/1": EVERYONE,
    "/knowledge": EVERYONE,
    "/knowledge/1": EVERYONE,
    "/knowledge/new": ADMINS,
    "/knowledge/new?kind=faq": ADMINS,
    "/knowledge/1/edit": ADMINS,
    "/channels": EVERYONE,
    "/channels/1": EVERYONE,
    "/channels/new": ADMINS,
    "/dead-letters": TEAM,
    "/status": EVERYONE,
    "/settings": ADMINS,
    "/team": EVERYONE,
}
PARTS = {
    "/inbox": "list",
    "/inbox/1": "conversation",
    "/inbox/1/thread": "thread-1",
    "/knowledge": "articles",
    "/knowledge/search?q=Norway": "hits",
    "/channels": "channels",
    "/dead-letters": "letters",
    "/status": "status",
    "/live/banner": "banner",
}
_LOADING = {
    ("a", "ping"),
    ("audio", "src"),
    ("embed", "src"),
    ("form", "action"),
    ("iframe", "src"),
    ("img", "src"),
    ("input", "src"),
    ("link", "href"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("use", "href"),
    ("video", "src"),
}
Browser = Callable[[str], Headers]


class Tags(HTMLParser):
    """Every tag with its attributes, and every id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


@pytest.fixture
def hostile(app: App, ids: dict[str, cast.Ids]) -> None:
    """Somebody whose name and words want to be more than text."""

    def write(db: sqlite3.Connection) -> None:
        channel = ids["acme"].channel_id
        contact = contacts.ensure(db, channel, "6666", app.clock())
        contacts.set_profile(db, contact, "<b>Eve</b>", {"locale": "<i>x</i>"})
        conversation = conversations.ensure(db, channel, contact, app.clock())
        received = Received(
            channel=cast.PAGES["acme"],
            contact="6666",
            external_id="m_evil",
            at=app.clock(),
            text="<script>alert(1)</script>",
            kind="text",
            attachments=(
                Attachment(kind="image", url="javascript:alert(1)", title="<u>t</u>"),
                Attachment(kind="file", url="https://cdn.example/f.pdf"),
            ),
        )
        messages.add_inbound(db, conversation, received, None, "t", app.clock())
        conversations.received(db, conversation, received.text, app.clock())

    app.files.tenant("acme").write(write)


@pytest.mark.parametrize("name", EVERYONE)
def test_each_page_is_for_those_who_may(client: Client, browser: Browser, name: str) -> None:
    headers = browser(name)
    answers = {path: client.get(path, headers=headers).status_code for path in PAGES}
    assert answers == {path: 200 if name in allowed else 403 for path, allowed in PAGES.items()}


def test_the_first_page_is_the_inbox(client: Client, browser: Browser) -> None:
    answer = client.get("/", headers=browser("vera"), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")


@pytest.mark.parametrize(("path", "name"), PARTS.items())
def test_htmx_gets_the_part_that_carries_its_name(
    client: Client, browser: Browser, path: str, name: str
) -> None:
    answer = client.get(path, headers={**browser("olga"), "hx-request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert Tags(answer.text).ids[0] == name
    assert answer.headers["vary"] == "hx-request"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_names_nothing_twice(client: Client, browser: Browser, path: str) -> None:
    text = client.get(path, headers=browser("olga")).text
    tags = Tags(text)
    assert text.startswith("<!doctype html>")
    assert sorted(tags.ids) == sorted(set(tags.ids))
    labels = {attributes["for"] for tag, attributes in tags.tags if tag == "label" and "for" in attributes}
    assert labels <= set(tags.ids)


@pytest.mark.parametrize("path", [*PAGES, "/login", "/nothing-here"])
def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inline(
    client: Client, browser: Browser, hostile: None, path: str
) -> None:
    text = client.get(path, headers={} if path == "/login" else browser("olga")).text
    for tag, attributes in Tags(text).tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert not value.strip().lower().startswith("javascript:"), (tag, name)
            if (tag, name) in _LOADING:
                assert value.startswith("/"), (tag, name, value)
        assert tag != "style"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_what_people_write_stays_text(client: Client, browser: Browser, hostile: None) -> None:
    text = client.get("/inbox/2", headers=browser("olga")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    for markup in ("<script>alert", "<b>Eve", "<i>x", "<u>t", "javascript:"):
        assert markup not in text


def test_an_attachment_is_a_link_and_never_loaded(client: Client, browser: Browser, hostile: None) -> None:
    tags = Tags(client.get("/inbox/2", headers=browser("olga")).text).tags
    link = next(attributes for _, attributes in tags if attributes.get("href") == "https://cdn.example/f.pdf")
    assert "noreferrer" in link["rel"]
    assert not any(tag in ("img", "video", "audio", "iframe") and "cdn" in str(a) for tag, a in tags)


def test_every_form_carries_the_proof_that_it_is_ours(client: Client, browser: Browser) -> None:
    for path in PAGES:
        text = client.get(path, headers=browser("olga")).text
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            assert 'name="_csrf"' in form, (path, form[:120])


def test_a_reader_is_shown_no_way_to_change_anything(client: Client, browser: Browser) -> None:
    headers = browser("vera")
    for path, allowed in PAGES.items():
        if "vera" in allowed:
            text = client.get(path, headers=headers).text
            forms = {attributes["action"] for tag, attributes in Tags(text).tags if tag == "form"}
            assert forms - {"/inbox", "/knowledge", "/knowledge/search"} <= {
                "/logout",
                "/team/password",
                "/channels/1/mode",  # shown, and switched off as a whole
            }, path
    assert "<fieldset disabled" in client.get("/channels/1", headers=headers).text


def test_an_error_is_a_page_or_a_toast(client: Client, browser: Browser) -> None:
    headers = browser("olga")
    page = client.get("/inbox/99", headers=headers)
    assert page.status_code == 404
    assert "<h1" in page.text
    toast = client.get("/inbox/99", headers={**headers, "hx-request": "true"})
    assert toast.headers["hx-retarget"] == "#toasts"
    assert 'role="alert"' in toast.text
