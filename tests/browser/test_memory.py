"""What is remembered of a contact, seen and changed in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Look, Stage


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_person_reads_changes_and_forgets_what_is_remembered(
    stage: Stage, look: Look, size: dict[str, int]
) -> None:
    page = look(stage, size).page
    stage.sandbox.say(
        "7001", "Hi, my name is Grace Hopper. I'd prefer a delivery on Saturday.", name="Ada Byron"
    )
    page.locator(".talk", has_text="Ada Byron").click()
    if size == PHONE:
        page.locator("[data-side]").first.click()
    memory = page.locator(".memory")
    expect(memory).to_contain_text("Grace Hopper")
    memory.get_by_title("Change").last.click()
    field = memory.locator("details[open] input[name=value]")
    field.fill("Deliver on Saturday or later")
    stage.sandbox.say("7001", "hello?")  # what is typed stays while something new comes
    expect(page.locator(".bubble", has_text="hello?")).to_be_attached()
    expect(field).to_have_value("Deliver on Saturday or later")
    memory.get_by_role("button", name="Save").first.click()
    expect(memory).to_contain_text("by your team")
    page.once("dialog", lambda asked: asked.accept())
    memory.get_by_role("button", name="Forget all").click()
    expect(memory).to_contain_text("Nothing yet")
    expect(page.locator(".thread")).to_contain_text("had the contact forgotten")
