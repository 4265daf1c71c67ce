"""One answer for what was said, by the rules of the channel, and never past a person."""

import sqlite3

from socialai.actions import conversations as threads
from socialai.actions import replies as drafts
from socialai.errors import Overloaded
from socialai.store import channels, conversations, turns
from tests.jobs.desk import Desk

QUESTION = "Do you ship to Norway and what does it cost?"


def outcomes(desk: Desk, contact: str = "8001") -> list[str]:
    conversation_id = desk.conversation(contact).id
    return [turn.outcome for turn in desk.db.read(lambda db: turns.turns(db, conversation_id))]


# -- what comes of a turn


def test_a_question_is_drafted_for_a_person_to_approve(desk: Desk) -> None:
    desk.says(QUESTION)
    desk.wait(10)
    assert "9 EUR" in desk.draft().text
    assert desk.page.sent == []


def test_in_auto_mode_it_is_answered_by_itself(desk: Desk) -> None:
    desk.auto()
    desk.says(QUESTION)
    desk.wait(10)
    assert len(desk.page.texts("8001")) == 1
    assert desk.states() == ["sent"]
    assert [reply.state for reply in desk.replies()] == ["sent"]


def test_auto_mode_drafts_an_intent_that_is_not_allowed(desk: Desk) -> None:
    desk.db.write(lambda db: channels.set_mode(db, desk.ids.channel_id, "auto", ()))
    desk.says(QUESTION)
    desk.wait(10)
    assert outcomes(desk) == ["draft"]
    assert desk.page.sent == []


def test_auto_mode_sends_nothing_that_escalates(desk: Desk) -> None:
    desk.auto()
    desk.says(f"{QUESTION} Otherwise I talk to my lawyer.")
    desk.wait(10)
    assert desk.conversation().state == "escalated"
    assert 'the message says "lawyer"' in (desk.conversation().escalation_reason or "")
    assert desk.page.sent == []


def test_auto_mode_sends_nothing_without_evidence(desk: Desk) -> None:
    desk.auto()
    desk.says("What is the capital of Peru?")
    desk.wait(10)
    assert outcomes(desk) == ["escalated"]
    assert desk.page.sent == []


def test_in_an_escalated_conversation_the_assistant_only_drafts(desk: Desk) -> None:
    desk.auto()
    desk.says("I will sue you, refund me")
    desk.wait(10)
    drafts.reject(desk.app, desk.olga, desk.draft().id)
    desk.says(QUESTION)
    desk.wait(10)
    assert outcomes(desk)[-1] == "draft"
    assert desk.page.sent == []


def test_given_back_to_the_assistant_an_escalated_conversation_is_answered_again(desk: Desk) -> None:
    desk.auto()
    desk.says("I will sue you, refund me")
    desk.wait(10)
    threads.take_over(desk.app, desk.olga, desk.conversation().id)
    drafts.reject(desk.app, desk.olga, desk.draft().id)
    threads.give_back(desk.app, desk.olga, desk.conversation().id)
    assert desk.conversation().state == "open"
    desk.says(QUESTION)
    desk.wait(10)
    assert len(desk.page.sent) == 1


def test_thanks_are_met_with_silence_on_purpose(desk: Desk) -> None:
    desk.auto()
    desk.says("thanks a lot!")
    desk.wait(10)
    assert outcomes(desk) == ["silent"]
    assert all(message.answered_at for message in desk.messages())


def test_a_picture_alone_goes_to_a_person(desk: Desk) -> None:
    desk.auto()
    picture = {"type": "image", "payload": {"url": "https://example.com/a.jpg"}}
    desk.arrives(desk.item("8001", message={"mid": "m_pic", "attachments": [picture]}))
    desk.wait(10)
    assert outcomes(desk) == ["escalated"]


def test_a_model_that_cannot_work_calls_a_person(desk: Desk) -> None:
    desk.auto()
    desk.mind.meanwhile.append(lambda: _raise(Overloaded("64 texts already wait for the model.")))
    desk.says(QUESTION)
    desk.wait(10)
    reason = "the assistant could not work: 64 texts already wait for the model."
    assert desk.conversation().escalation_reason == reason
    assert all(message.answered_at for message in desk.messages())


def test_a_fault_of_ours_calls_a_person_too(desk: Desk) -> None:
    desk.mind.meanwhile.append(lambda: _raise(ZeroDivisionError()))
    desk.says(QUESTION)
    desk.wait(10)
    assert "a fault in the hub (ZeroDivisionError)" in (desk.conversation().escalation_reason or "")


def test_a_turn_that_cannot_be_kept_as_decided_calls_a_person(desk: Desk) -> None:
    desk.auto()
    desk.db.write(lambda db: _forbid(db, "insert on reply"))
    desk.says(QUESTION)
    desk.wait(10)
    assert "a fault in the hub (IntegrityError)" in (desk.conversation().escalation_reason or "")


def test_a_conversation_that_cannot_be_answered_at_all_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.auto()
    desk.says("hi", contact="8009")
    desk.keep_all()
    damage = "update contact set profile = '{' where id = ?"
    contact_id = desk.conversation("8009").contact_id
    desk.db.write(lambda db: db.execute(damage, (contact_id,)) and None)
    desk.bells.lose()
    for number in range(20):
        desk.says("hello", contact=str(8100 + number))
    desk.wait(10)
    assert len(desk.page.sent) == 20


# -- bursts


def test_a_burst_gets_one_answer(desk: Desk) -> None:
    desk.auto()
    for text in ("hi", "Do you ship to Norway", "and what does it cost?"):
        desk.says(text)
        desk.wait(2)
    assert desk.page.sent == []
    desk.wait(10)
    assert len(desk.page.sent) == 1
    assert outcomes(desk) == ["auto"]


def test_a_contact_who_does_not_stop_is_answered_within_five_debounces(desk: Desk) -> None:
    desk.auto()
    debounce = desk.app.settings.debounce_seconds
    for number in range(7):
        desk.says(f"{QUESTION} {number}")
        desk.wait(debounce * 0.75)
    assert len(desk.page.sent) == 1


def test_what_is_said_while_the_answer_is_made_is_in_the_answer(desk: Desk) -> None:
    desk.auto()

    def go_on() -> None:
        desk.says("And to Sweden?")
        desk.keep_all()

    desk.mind.meanwhile.append(go_on)
    desk.says(QUESTION)
    desk.wait(30)
    assert f"{QUESTION}\nAnd to Sweden?" in desk.mind.asked
    assert len(outcomes(desk)) == 1
    assert all(message.answered_at for message in desk.messages())


def test_what_is_edited_while_the_answer_is_made_is_answered_as_edited(desk: Desk) -> None:
    desk.auto()

    def change() -> None:
        desk.edits(mid, "thanks")
        desk.keep_all()

    desk.mind.meanwhile.append(change)
    mid = desk.says(QUESTION)
    desk.wait(30)
    assert outcomes(desk) == ["silent"]
    assert desk.page.sent == []


def test_what_is_taken_back_while_the_answer_is_made_is_not_answered(desk: Desk) -> None:
    desk.auto()

    def take_back() -> None:
        desk.deletes(mid)
        desk.keep_all()

    desk.mind.meanwhile.append(take_back)
    mid = desk.says(QUESTION)
    desk.wait(30)
    assert outcomes(desk) == []
    assert desk.page.sent == []
    assert desk.conversation().answer_due_at is None


def test_two_workers_that_think_about_one_message_answer_once(desk: Desk) -> None:
    """A turn that takes longer than its claim is begun again by another worker."""
    desk.auto()

    def claim_runs_out() -> None:
        desk.clock.wait(seconds=conversations.CLAIM_SECONDS + 1)
        desk.run("answer", "acme", desk.conversation().id)

    desk.mind.meanwhile.append(claim_runs_out)
    desk.says(QUESTION)
    desk.wait(120)
    assert len(desk.page.sent) == 1
    assert len(outcomes(desk)) == 1


# -- a person is at it


def test_who_took_over_is_not_talked_over(desk: Desk) -> None:
    desk.auto()
    desk.says(QUESTION)
    desk.keep_all()
    threads.take_over(desk.app, desk.anna, desk.conversation().id)
    desk.wait(30)
    assert desk.page.sent == []
    assert outcomes(desk) == []


def test_taking_over_while_the_answer_is_made_drops_it(desk: Desk) -> None:
    desk.auto()
    desk.mind.meanwhile.append(lambda: threads.take_over(desk.app, desk.anna, desk.conversation().id))
    desk.says(QUESTION)
    desk.wait(30)
    assert desk.page.sent == []
    assert outcomes(desk) == []


def test_given_back_what_was_not_answered_is_answered(desk: Desk) -> None:
    desk.auto()
    desk.says(QUESTION)
    desk.keep_all()
    threads.take_over(desk.app, desk.anna, desk.conversation().id)
    desk.wait(30)
    threads.give_back(desk.app, desk.anna, desk.conversation().id)
    desk.ring()
    assert len(desk.page.sent) == 1


def test_a_message_after_resolving_opens_the_conversation_and_is_answered(desk: Desk) -> None:
    desk.auto()
    desk.says("thanks")
    desk.wait(10)
    threads.resolve(desk.app, desk.anna, desk.conversation().id)
    desk.says(QUESTION)
    desk.wait(10)
    assert desk.conversation().state == "open"
    assert len(desk.page.sent) == 1


def _raise(error: Exception) -> None:
    raise error


def _forbid(db: sqlite3.Connection, what: str) -> None:
    db.execute(f"create trigger refuse before {what} begin select raise(abort, 'refused'); end")
