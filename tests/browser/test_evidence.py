"""What a draft rests on, in a real browser: by keyboard, and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from socialai.domain.support import Checked
from socialai.store.records import as_json
from tests.browser.conftest import DESKTOP, PHONE, TENANT, Look, Stage

INVENTED = Checked(
    "A balloon comes with every parcel for 4 EUR.", "unsupported", 0.1, "", doubts=("number: 4",)
)


def _invent(db: Any) -> None:
    row = db.execute("select id, checked from turn order by id desc").fetchone()
    found = row["checked"].rstrip("]") + "," + as_json(INVENTED) + "]"
    db.execute("update turn set checked = ? where id = ?", (found, row["id"]))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_draft_shows_what_it_rests_on(stage: Stage, look: Look, size: object) -> None:
    page = look(stage, size).page
    stage.sandbox.say("7001", "What does shipping to Norway cost?", name="Ada Byron")
    page.locator(".talk", has_text="To approve").click()
    proof = page.locator(".proof")
    expect(proof).to_contain_text("All of it is in your knowledge")
    proof.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(proof.locator(".said").last).to_contain_text("9 EUR")

    stage.app.files.tenant(TENANT).write(_invent)
    page.reload()
    expect(proof).to_contain_text("One sentence is not in your knowledge")
    expect(proof.locator(".is-unsupported .wrong")).to_contain_text("the number 4")
    proof.locator(".is-quoted a").nth(1).click()
    expect(page.locator("#quote")).to_contain_text("9 EUR")
