"""The inbox in a real browser: live, by mouse, by keyboard, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Look, Stage

ADA = "7001"
SENT = ".tick-sent, .tick-delivered, .tick-read"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_draft_is_seen_live_approved_and_delivered(stage: Stage, look: Look, size: object) -> None:
    page = look(stage, size).page
    expect(page.get_by_text("All quiet")).to_be_visible()

    stage.sandbox.say(ADA, "Do you ship to Norway and what does it cost?", name="Ada Byron")
    row = page.locator(".talk", has_text="To approve")
    expect(row).to_contain_text("Ada Byron")
    row.click()
    expect(page.get_by_label("Draft, change it as you like")).to_have_value(re.compile("9 EUR"))
    page.get_by_role("button", name="Approve and send").click()

    expect(page.locator(".bubble-row.is-ours .bubble-text")).to_contain_text("9 EUR")
    expect(page.locator(SENT)).to_be_visible()
    assert ["9 EUR" in message.text for message in stage.sandbox.sent(ADA)] == [True]
    stage.sandbox.say(ADA, read=True)
    expect(page.locator(".tick-read")).to_be_visible()
    expect(page.locator(".composer textarea")).to_have_value("")


def test_on_a_phone_one_pane_is_shown_at_a_time(stage: Stage, look: Look) -> None:
    stage.sandbox.say(ADA, "Do you ship to Norway?", name="Ada Byron")
    page = look(stage, PHONE).page
    page.locator(".talk").click()
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator(".side")).to_be_hidden()
    page.get_by_role("button", name="Details", exact=True).click()
    expect(page.locator(".side")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#list")).to_be_visible()


def test_what_is_being_typed_survives_news(stage: Stage, look: Look) -> None:
    stage.sandbox.say(ADA, "Do you ship to Norway?", name="Ada Byron")
    page = look(stage).page
    page.locator(".talk", has_text="To approve").click()
    field = page.locator("#reply-text")
    field.fill("Dear Ada, we do.")
    stage.sandbox.say(ADA, "And to Sweden?")
    expect(page.locator(".thread")).to_contain_text("And to Sweden?")
    expect(field).to_have_value("Dear Ada, we do.")
    expect(field).to_be_focused()


def test_news_that_was_asked_for_before_the_first_letter_takes_nothing_away(stage: Stage, look: Look) -> None:
    stage.sandbox.say(ADA, "Do you ship to Norway?", name="Ada Byron")
    page = look(stage).page
    page.locator(".talk", has_text="To approve").click()
    field = page.locator("#reply-text")
    expect(field).to_be_visible()
    with page.expect_response("**/inbox/pulse*"):
        page.evaluate("""() => {
            document.body.dispatchEvent(new Event("hub:refresh"));
            const field = document.querySelector("#reply-text");
            field.value = "Dear Ada, we do.";
            field.dispatchEvent(new Event("input", {bubbles: true}));
        }""")
    expect(page.locator("#composer-form")).to_be_visible()
    page.wait_for_function("!document.querySelector('.htmx-request')")
    expect(field).to_have_value("Dear Ada, we do.")


def test_the_keyboard_walks_opens_and_approves(stage: Stage, look: Look) -> None:
    for person in (ADA, "7002"):
        stage.sandbox.say(person, "What does shipping to Norway cost?", name=f"Person {person}")
    page = look(stage).page
    expect(page.locator(".talk", has_text="To approve")).to_have_count(2)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".talk.is-open")).to_have_count(1)
    expect(page.locator("#approve")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#reply-text")).to_have_value(re.compile("a$"))
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator(SENT)).to_be_visible()


def test_one_key_and_a_number_correct_what_was_understood(stage: Stage, look: Look) -> None:
    stage.sandbox.say(ADA, "Do you ship to Norway and what does it cost?", name="Ada Byron")
    page = look(stage).page
    page.locator(".talk", has_text="To approve").click()
    badge = page.locator('.thread [data-fix="intent"]')
    expect(badge).to_be_visible()
    page.keyboard.press("i")
    expect(page.get_by_role("dialog", name="What is it about?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".fix:popover-open")).to_have_count(0)
    page.keyboard.press("i")
    page.keyboard.press("4")
    expect(badge).to_have_attribute("data-value", "complaint")
    expect(page.locator(".corrected")).to_contain_text("Corrected by Olga Berg")
    page.keyboard.press("s")
    page.keyboard.press("1")
    expect(page.locator('.thread [data-fix="mood"]')).to_have_attribute("data-value", "angry")
    expect(page.locator('.talk [class*="is-angry"]')).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".corrected")).to_have_count(0)
    expect(page.locator(".thread .read-by")).to_contain_text("wrong?")


def test_no_key_corrects_while_somebody_types(stage: Stage, look: Look) -> None:
    stage.sandbox.say(ADA, "Do you ship to Norway?", name="Ada Byron")
    page = look(stage).page
    page.locator(".talk", has_text="To approve").click()
    field = page.locator("#reply-text")
    field.fill("")
    field.press_sequentially("is us")
    expect(field).to_have_value("is us")
    expect(page.locator(".fix:popover-open")).to_have_count(0)
    page.locator('.thread [data-fix="urgency"]').click()
    page.get_by_role("button", name="Urgent").click()
    expect(page.locator('.thread [data-fix="urgency"]')).to_have_attribute("data-value", "high")
    expect(field).to_have_value("is us")


def test_on_a_phone_a_press_corrects(stage: Stage, look: Look) -> None:
    stage.sandbox.say(ADA, "Do you ship to Norway?", name="Ada Byron")
    page = look(stage, PHONE).page
    page.locator(".talk", has_text="To approve").click()
    page.locator('.thread [data-fix="mood"]').click()
    page.get_by_role("button", name="Negative").click()
    expect(page.locator(".read-by")).to_contain_text("corrected by Olga Berg")


def test_hostile_names_and_texts_stay_text(stage: Stage, look: Look) -> None:
    script = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    stage.sandbox.say(ADA, f"Hello {script}", name=f"Ada {script}")
    page = look(stage).page
    page.locator(".talk").click()
    expect(page.locator(".bubble-text")).to_contain_text("<script>")
    assert "owned" not in page.title()
