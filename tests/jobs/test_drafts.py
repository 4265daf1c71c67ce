"""Drafts that wait: which give way, which stay, and who may approve them."""

import pytest

from socialai.actions import replies as drafts
from socialai.errors import Conflict
from socialai.store import channels
from tests.jobs.desk import Desk

QUESTION = "Do you ship to Norway and what does it cost?"


def test_a_draft_nobody_touched_gives_way_and_the_new_one_answers_all_of_it(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    first = desk.draft()
    desk.says("hi again")
    desk.wait(10)
    assert [reply.state for reply in desk.replies()] == ["superseded", "draft"]
    assert f"{QUESTION}\nhi again" in desk.mind.asked
    assert desk.draft().id != first.id
    assert "9 EUR" in desk.draft().text


def test_thanks_leave_the_waiting_draft_able_to_be_approved(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    desk.says("thanks")
    desk.wait(10)
    drafts.approve(desk.app, desk.olga, desk.draft().id)
    desk.wait(10)
    assert len(desk.page.sent) == 1


def test_a_draft_that_a_person_has_changed_stays(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    drafts.edit(desk.app, desk.olga, desk.draft().id, "I look it up for you.")
    desk.says("hello?")
    desk.wait(10)
    assert desk.draft().text == "I look it up for you."


def test_a_draft_is_approved_only_by_who_saw_what_was_said_since(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    draft = drafts.edit(desk.app, desk.olga, desk.draft().id, "Yes, for 9 EUR.")
    desk.says("And to Sweden?")
    desk.wait(10)
    with pytest.raises(Conflict, match="Something new was said"):
        drafts.approve(desk.app, desk.olga, draft.id)
    drafts.approve(desk.app, desk.olga, draft.id)
    desk.wait(10)
    assert desk.page.texts("8001") == ["Yes, for 9 EUR."]


def test_what_an_approved_draft_answers_is_not_answered_again(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    desk.says("And to Sweden?")

    def approve_the_first() -> None:
        with pytest.raises(Conflict):
            drafts.approve(desk.app, desk.olga, first.id)
        drafts.approve(desk.app, desk.olga, first.id)

    first = desk.draft()
    desk.mind.meanwhile.append(approve_the_first)
    desk.wait(30)
    assert len(desk.page.texts("8001")) == 1
    assert desk.mind.asked[-2:] == ["And to Sweden?", f"{QUESTION}\nAnd to Sweden?"]  # alone, then in context


def test_a_rejected_draft_is_not_written_again(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    desk.says("And to Sweden?")

    def reject_the_first() -> None:
        drafts.reject(desk.app, desk.olga, first.id)

    first = desk.draft()
    desk.mind.meanwhile.append(reject_the_first)
    desk.wait(30)
    assert desk.mind.asked[-2:] == ["And to Sweden?", f"{QUESTION}\nAnd to Sweden?"]  # alone, then in context


def test_an_edited_question_is_answered_anew_while_its_draft_waits(desk: Desk) -> None:
    mid = desk.says("What is the capital of Peru?")
    desk.wait(10)
    desk.edits(mid, QUESTION)
    desk.wait(10)
    assert "9 EUR" in desk.draft().text


def test_a_draft_is_approved_once(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    draft = desk.draft()
    drafts.approve(desk.app, desk.olga, draft.id)
    with pytest.raises(Conflict, match="This reply is approved by now"):
        drafts.approve(desk.app, desk.anna, draft.id)
    desk.wait(10)
    assert len(desk.page.sent) == 1


def test_writing_by_hand_puts_the_draft_aside_and_silences_the_assistant(desk: Desk) -> None:
    desk.auto()
    desk.db.write(lambda db: channels.set_mode(db, desk.ids.channel_id, "draft", ()))
    desk.says(QUESTION)
    desk.wait(10)
    drafts.write(desk.app, desk.anna, desk.conversation().id, "It costs 9 EUR.")
    desk.says("thanks, and to Sweden?")
    desk.wait(30)
    assert desk.page.texts("8001") == ["It costs 9 EUR."]
    assert desk.conversation().owner_id == desk.anna.user_id
