"""Intents and quality in a real browser: taught, trained, tried out; the charts are drawn."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from socialai.actions import corrections as correcting
from socialai.actions import intents as teaching
from socialai.security.permissions import operator
from socialai.store import turns
from tests.browser.conftest import DESKTOP, PHONE, TENANT, Look, Stage
from tests.inference.test_intents import EXAMPLES

TRIALS = "\n".join(EXAMPLES[2])
DRAWN = """
() => {
  const charts = [...document.querySelectorAll('.chart canvas')];
  const pixels = (one) => one.getContext('2d').getImageData(0, 0, one.width, one.height).data;
  return charts.length === 3 && charts.every((one) => pixels(one).some((value) => value > 0));
}
"""
"""Whether there is something on each of the three charts."""


@pytest.fixture
def hiring(stage: Stage) -> None:
    teaching.add(stage.app, operator(TENANT), "Jobs", "usual", EXAMPLES[1])


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.usefixtures("hiring")
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_intent_is_taught_trained_and_tried_out(stage: Stage, look: Look, size: object) -> None:
    page = look(stage, size).page
    page.goto("/intents")
    expect(page.locator(".learning")).to_contain_text("One more to go")
    page.get_by_role("link", name="New intent").click()
    page.get_by_label("Name").fill("Rental")
    page.get_by_label("Examples, one a line").fill(TRIALS)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#examples")).to_contain_text("6 examples")
    assert fits(page)
    page.get_by_role("link", name="Intents").first.click()
    page.get_by_role("button", name="Train now").click()
    expect(page.locator(".learning")).to_contain_text("were recognised")
    expect(page.locator("#intents li", has_text="Rental").first).to_contain_text("% recognised")
    page.get_by_label("Try it").fill("are you hiring?")
    expect(page.locator("#tried")).to_contain_text("Jobs")
    assert fits(page)


@pytest.mark.usefixtures("hiring")
def test_examples_are_chosen_from_messages(stage: Stage, look: Look) -> None:
    for number, text in enumerate(("Do you have a job for me?", "Do you ship to Norway?")):
        stage.sandbox.say(f"70{number:02}", text, name=f"Person {number}")
    page = look(stage).page
    expect(page.locator(".talk")).to_have_count(2)
    page.goto("/intents/1")
    page.get_by_text("Choose from messages").click()
    page.get_by_label("Words in the message").fill("job")
    expect(page.locator("#found li")).to_have_count(1)
    page.locator("#found").get_by_label("Do you have a job for me?").check()
    page.get_by_label("Words in the message").fill("Norway")
    expect(page.locator("#found")).to_contain_text("Norway")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#examples")).to_contain_text("Do you have a job for me?")
    expect(page.locator("#examples")).not_to_contain_text("Norway")


@pytest.mark.usefixtures("hiring")
def test_a_message_is_said_to_be_one_of_your_own(stage: Stage, look: Look) -> None:
    stage.sandbox.say("7001", "Do you ship to Norway and what does it cost?", name="Ada Byron")
    page = look(stage).page
    page.locator(".talk", has_text="To approve").click()
    expect(page.locator(".thread .read-as")).to_be_visible()
    page.keyboard.press("i")
    page.keyboard.press("6")
    expect(page.locator(".thread .read-as")).to_contain_text("Jobs")
    page.get_by_label("What it is about").select_option("Jobs")
    expect(page.locator(".talk")).to_contain_text("Jobs")
    page.get_by_label("What it is about").select_option("Spam")
    expect(page.locator("#list")).to_contain_text("Nothing found")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_quality_page_draws_its_charts(stage: Stage, look: Look, size: Any) -> None:
    stage.sandbox.say("7001", "Do you ship to Norway and what does it cost?", name="Ada Byron")
    page = look(stage, size).page
    expect(page.locator(".talk", has_text="To approve")).to_be_visible()
    page.goto("/quality")
    expect(page.get_by_text("A line for each week appears here")).to_be_visible()
    turn = stage.app.files.tenant(TENANT).read(lambda db: turns.find_latest(db, 1))
    assert turn is not None
    correcting.correct(stage.app, operator(TENANT), turn.message_id, intent="spam")
    page.reload()
    page.wait_for_function(DRAWN)
    assert fits(page)
    page.get_by_text("As a table").first.click()
    expect(page.locator("details[open] table")).to_contain_text("0 %")
