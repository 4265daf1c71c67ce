"""Every page in a real browser: it asks nothing of the outside, breaks no policy, fits the screen."""

import re

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import DESKTOP, PHONE, Look, Stage

FILES: list[FilePayload] = [
    {"name": "returns.md", "mimeType": "text/markdown", "buffer": b"# Returns\n\nReturns take 30 days."},
    {"name": "empty.txt", "mimeType": "text/plain", "buffer": b" "},
]
PAGES = (
    "/inbox",
    "/inbox/1",
    "/knowledge",
    "/knowledge/1",
    "/knowledge/new",
    "/knowledge/new?kind=faq",
    "/knowledge/1/edit",
    "/knowledge/sites",
    "/knowledge/gaps",
    "/knowledge/suggestions",
    "/knowledge/contradictions",
    "/intents",
    "/intents/new",
    "/quality",
    "/channels",
    "/channels/1",
    "/channels/new",
    "/crms",
    "/crms/new",
    "/dead-letters",
    "/status",
    "/settings",
    "/team",
)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_complains_or_is_wider_than_the_screen(stage: Stage, look: Look, size: object) -> None:
    stage.sandbox.say("7001", "Do you ship to Norway? " + "x" * 300, name="Ada " + "y" * 60)
    page = look(stage, size).page
    expect(page.locator(".talk")).to_be_visible()
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1").count() == 1, path


def test_knowledge_is_uploaded_indexed_and_found(stage: Stage, look: Look) -> None:
    page = look(stage).page
    page.goto("/knowledge")
    page.locator("input[type=file]").set_input_files(FILES)
    expect(page.locator("#uploads")).to_contain_text("Added as Returns")
    expect(page.locator("#uploads")).to_contain_text("The file is empty")
    expect(page.locator("#articles li", has_text="Returns")).to_contain_text("1 passage")
    page.get_by_label("Try it").fill("how long can I send it back")
    expect(page.locator("#hits mark").first).to_contain_text("30 days")


def test_a_dead_channel_is_said_on_every_page_and_ended_by_connecting_again(stage: Stage, look: Look) -> None:
    page = look(stage).page
    page.goto("/channels/1")
    stage.sandbox.fail("expired_token", times=1, on="read")
    page.get_by_role("button", name="Check the connection").click()
    expect(page.locator("#banner")).to_contain_text("Acme on Facebook is disconnected")
    page.goto("/knowledge")
    page.locator("#banner").get_by_role("link", name="Reconnect").click()
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator(".page-actions")).to_contain_text("Connected")
    expect(page.locator("#banner")).to_have_text(re.compile(r"^\s*$"))
