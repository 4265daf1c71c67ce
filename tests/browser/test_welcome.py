"""From an empty directory to a first answered message, by clicking, at both widths."""

import os
import sys
import time
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, EMAIL, PASSWORD, PHONE, Look, Stage, set_up_token


def set_up(stage: Stage, page: Page) -> None:
    page.goto(f"/setup?token={set_up_token(stage)}")
    page.get_by_label("Your business").fill("Acme")
    page.get_by_label("Your name").fill("Olga Berg")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Create my inbox").click()
    page.wait_for_url("**/welcome\\?step=account")


def switch_on_second_factor(page: Page) -> str:
    """As an app on a phone would; its secret."""
    secret = page.locator(".second-factor-secret").inner_text()
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    return secret


def seen(page: Page, name: str, title: str) -> None:
    """Fits the screen; kept as a picture where a person wants to look at it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("SOCIALAI_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)  # type: ignore[index]


def ask(page: Page, question: str, answer: str) -> None:
    """In the chat, as a visitor; the answer comes the whole way through the hub."""
    chat = page.frame_locator("iframe.chat-preview")
    chat.get_by_label("Write a message").fill(question)
    chat.get_by_label("Write a message").press("Enter")
    expect(chat.get_by_role("log")).to_contain_text(answer)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_owner_is_led_to_a_first_answer(empty_stage: Stage, look: Look, size: object) -> None:
    page = look(empty_stage, size, signed_in=False).page
    began = time.monotonic()
    set_up(empty_stage, page)
    seen(page, "welcome-account", "Your account")
    switch_on_second_factor(page)
    seen(page, "welcome-account-on", "Your account")
    page.get_by_role("button", name="Go on").click()
    seen(page, "welcome-business", "Your business")
    page.get_by_label("Time zone").select_option("Europe/Oslo")
    page.get_by_label("Monday, opens").fill("10:00")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What it is about").fill("Shipping")
    page.locator("#field-text").fill("We ship to Norway. Shipping to Norway costs 9 EUR.")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("link", name="Shipping")).to_be_visible()
    seen(page, "welcome-knowledge", "What may be answered from")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("They end with").fill("Olga from Acme")
    seen(page, "welcome-voice", "How replies sound")
    page.get_by_role("button", name="Go on").click()
    seen(page, "welcome-channel", "Where people write to you")
    page.get_by_role("button", name="Make it").click()
    seen(page, "welcome-answers", "Who sends the replies")
    page.get_by_label("By itself").check()
    page.get_by_role("button", name="Go on").click()
    ask(page, "What does shipping to Norway cost?", "9 EUR")
    seen(page, "welcome-try", "Try it")
    ask(page, "When are you open on Monday?", "10:00")
    page.get_by_role("button", name="Open my inbox").click()
    expect(page.locator("body")).to_contain_text("We are open Monday")
    sys.stdout.write(f"from an empty directory to a first answer: {time.monotonic() - began:.1f} s\n")
    page.goto("/")
    page.wait_for_url("**/inbox")


def test_who_leaves_goes_on_where_they_were(empty_stage: Stage, look: Look) -> None:
    page = look(empty_stage, signed_in=False).page
    set_up(empty_stage, page)
    page.get_by_role("button", name="Not now, go on").click()
    page.wait_for_url("**/welcome\\?step=business")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/welcome\\?step=knowledge")
    page.goto("/team")
    page.goto("/")
    page.wait_for_url("**/welcome\\?step=knowledge")
