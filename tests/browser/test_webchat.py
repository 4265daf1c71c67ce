"""A visitor on the shop's own site, whose pages forbid what they do not name, and the shop in its inbox."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from socialai.actions import replies as replying
from socialai.security.permissions import operator
from socialai.store import conversations
from tests.browser.conftest import DESKTOP, PHONE, TENANT, Look, Stage

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)
Shop = Callable[[str, str], str]


@contextmanager
def site(page: Callable[[], tuple[bytes, str]]) -> Iterator[str]:
    """A web site with one page and its policy; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, policy = page()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", policy)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def shop(stage: Stage) -> Iterator[str]:
    """A site that allows nothing but the hub's script and frame."""
    written: list[bytes] = []
    policy = f"default-src 'none'; script-src {stage.url}; frame-src {stage.url}; img-src 'self'"
    with site(lambda: (written[0], policy)) as address:
        values = {"origins": address, "title": "Acme", "always_open": True, "asks": True, "colour": "#0b7a4b"}
        channel = stage.app.channels.connect(TENANT, "webchat", "Our site", values, stage.app.clock())
        written.append(_page(stage.url, f"{TENANT}/{channel.external_id}"))
        yield address


def _page(hub: str, chat: str) -> bytes:
    script = f'<script src="{hub}/widget/_/chat.js" data-chat="{chat}" async></script>'
    head = '<meta name="viewport" content="width=device-width">'
    return f'<!doctype html><html lang="en">{head}<title>Acme</title><h1>Boots</h1>{script}</html>'.encode()


class Visitor:
    """Somebody's browser: what it says wrong is kept."""

    def __init__(self, browser: Browser, size: Any, address: str) -> None:
        self.context = browser.new_context(viewport=size, reduced_motion="reduce", locale="en-GB")
        self.address = address
        self.wrong: list[str] = []
        self.page = self.arrive()

    def arrive(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.goto(self.address)
        return page


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='Acme']")


def test_a_visitor_is_answered_on_a_page_with_a_strict_policy(
    stage: Stage, shop: str, chromium: Browser, look: Look
) -> None:
    visitor = Visitor(chromium, DESKTOP, shop)
    window = chat(visitor.page)
    window.get_by_role("button", name="Open the chat").click()
    expect(window.get_by_role("heading", name="Acme")).to_be_visible()
    window.get_by_label("Your name").fill("Ada <b>Byron")
    window.get_by_label("Your e-mail address").fill("ada@example.com")
    window.get_by_label("You may keep these to answer me.").check()
    evil = "<img src=x onerror=\"document.title='owned'\"> Is this torn? https://acme.example/boots"
    window.get_by_label("Add a file").set_input_files(
        {"name": "torn.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    window.get_by_label("Write a message").fill(evil)
    window.get_by_label("Write a message").press("Enter")
    expect(window.get_by_role("log")).to_contain_text("Is this torn?")
    expect(window.locator(".is-waiting")).to_have_count(0)
    expect(window.get_by_label("Your name")).to_be_hidden()

    inbox = look(stage).page
    inbox.get_by_text("Ada <b>Byron").first.click()
    expect(inbox.locator("#conversation")).to_contain_text("<img src=x onerror")
    window.get_by_label("Write a message").press_sequentially("I")
    expect(inbox.get_by_text("is typing")).to_be_visible()
    composer = inbox.get_by_label(re.compile("Your reply|Draft"))
    composer.fill("No, that is <em>normal</em>.")
    inbox.get_by_role("button", name=re.compile("^(Approve and s|S)end$")).click()
    expect(window.get_by_role("log")).to_contain_text("No, that is <em>normal</em>.")
    assert inbox.title() != "owned"

    later = visitor.arrive()
    again = chat(later)
    again.get_by_role("button", name="Open the chat").click()
    expect(again.get_by_role("log")).to_contain_text("Is this torn?")
    expect(again.get_by_role("log")).to_contain_text("No, that is <em>normal</em>.")
    expect(again.get_by_role("link", name="https://acme.example/boots")).to_have_attribute(
        "rel", "noopener noreferrer nofollow ugc"
    )
    later.keyboard.press("Escape")
    expect(again.get_by_role("button", name="Open the chat")).to_be_focused()
    assert visitor.wrong == []
    visitor.context.close()


def test_on_a_phone_the_chat_takes_the_screen_and_elsewhere_it_is_not_shown(
    stage: Stage, shop: str, chromium: Browser
) -> None:
    visitor = Visitor(chromium, PHONE, shop)
    window = chat(visitor.page)
    window.get_by_role("button", name="Open the chat").click()
    expect(window.get_by_label("Write a message")).to_be_visible()
    expect(window.locator("body")).to_have_class("is-full")
    box = visitor.page.locator("iframe").bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    window.get_by_label("Write a message").fill("From my phone")
    window.get_by_role("button", name="Send").click()
    expect(window.locator(".is-waiting")).to_have_count(0)
    assert visitor.wrong == []

    asked = "where no stream comes through, it is asked for"
    visitor.context.route("**/stream", lambda route: route.fulfill(status=503, json={"detail": asked}))
    visitor.page.reload()
    window.get_by_role("button", name="Open the chat").click()
    database = stage.app.files.tenant(TENANT)
    found = database.read(lambda db: conversations.find_by_identity(db, 2, visitor_of(stage)))
    assert found
    replying.write(stage.app, operator(TENANT), found, "Hello, phone!")
    expect(window.get_by_role("log")).to_contain_text("Hello, phone!")
    visitor.context.close()

    channel = stage.app.channels.adapter(TENANT, 2).external_id
    with site(lambda: (_page(stage.url, f"{TENANT}/{channel}"), "default-src * 'unsafe-inline'")) as foreign:
        context = chromium.new_context()
        page = context.new_page()
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.goto(foreign)
        context.close()


def visitor_of(stage: Stage) -> str:
    find = "select external_id from visitor order by id desc"
    return stage.app.files.tenant(TENANT).read(lambda db: str(db.execute(find).fetchone()["external_id"]))
