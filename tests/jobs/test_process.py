"""A kept delivery becomes messages once, in whatever order; what cannot be read waits for a person."""

import json
from typing import Any

import pytest

from socialai.actions import dead_letters
from socialai.domain.event import Event
from socialai.errors import StoreError
from socialai.store import contacts, conversations, events
from tests import cast
from tests.jobs.desk import PAGE, Desk

QUESTION = "Do you ship to Norway and what does it cost?"


def event(desk: Desk, event_id: int | None) -> Event:
    assert event_id is not None
    return desk.db.read(lambda db: events.get(db, event_id))


def texts(desk: Desk) -> list[str]:
    return [message.text for message in desk.messages()]


# -- once


def test_the_same_bytes_are_kept_once(desk: Desk) -> None:
    item = desk.item("8001", message={"mid": "m_1x", "text": "hello"})
    assert desk.arrives(item) is not None
    assert desk.arrives(item) is None


def test_the_same_message_in_another_delivery_is_kept_once_and_answered_once(desk: Desk) -> None:
    desk.auto()
    desk.says(QUESTION, mid="m_same")
    desk.wait(10)
    desk.says(QUESTION, mid="m_same")
    desk.wait(10)
    assert len(desk.page.sent) == 1
    assert [message.author for message in desk.messages()] == ["contact", "assistant"]


def test_an_event_that_two_workers_have_is_processed_once(desk: Desk) -> None:
    desk.says("hello")
    event_id = desk.bells.waiting[0][4]
    desk.ring()
    before = desk.conversation().version
    desk.run("process", "acme", event_id)
    assert desk.conversation().version == before


def test_several_entries_and_items_of_one_delivery_are_all_kept(desk: Desk) -> None:
    items = [desk.item(str(number), message={"mid": f"m_{number}", "text": "hi"}) for number in (8001, 8002)]
    desk.arrives(*items)
    desk.ring()
    assert texts(desk) == ["hi"]
    assert len(desk.messages("8002")) == 1


# -- what cannot be read


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"not json", "The delivery does not look like one of Facebook's"),
        (b"\xff\xfe\x00", "The delivery does not look like one of Facebook's"),
        (b'{"object": "gate", "entry": []}', "The delivery is about 'gate', not about Facebook."),
        (b"[" * 10_000, "The delivery does not look like one of Facebook's"),
    ],
)
def test_what_is_not_understood_becomes_a_dead_letter(desk: Desk, body: bytes, reason: str) -> None:
    event_id = desk.arrives_raw(body)
    desk.ring()
    found = event(desk, event_id)
    assert found.state == "dead"
    assert (found.error or "").startswith(reason)
    assert found.body == body


def test_one_item_that_cannot_be_read_does_not_take_the_others_along(desk: Desk) -> None:
    good = desk.item("8001", message={"mid": "m_good", "text": "hello"})
    event_id = desk.arrives(good, {"sender": 7, "message": "?"})
    desk.ring()
    assert event(desk, event_id).state == "dead"
    assert "item 2" in (event(desk, event_id).error or "")
    assert texts(desk) == ["hello"]


def test_a_page_that_is_not_connected_is_named_and_can_be_retried(desk: Desk) -> None:
    item = {**desk.item("8001", message={"mid": "m_1x", "text": "hi"}), "recipient": {"id": "999"}}
    event_id = desk.arrives(item, page="999")
    desk.ring()
    assert event(desk, event_id).error == (
        "The Facebook account 999 is not connected here. Connect it, then retry."
    )
    values = {"page_id": "999", **cast.SECRETS}
    desk.app.channels.connect("acme", "facebook", "Second", values, desk.clock())
    assert dead_letters.retry(desk.app, "acme", "event", [event_id or 0]) == [event_id]
    desk.ring()
    assert event(desk, event_id).state == "processed"


def test_what_breaks_the_keeping_waits_for_a_person_not_for_ever(desk: Desk) -> None:
    """A number that SQLite cannot hold, an event that the file refuses: whatever it is, it is named."""
    trigger = "create trigger refuse before insert on message begin select raise(abort, 'refused'); end"
    desk.db.write(lambda db: db.execute(trigger) and None)
    desk.says("hello")
    event_id = desk.bells.waiting[0][4]
    desk.ring()
    found = event(desk, event_id)
    assert found.state == "dead"
    assert found.error == (
        "The hub has a fault keeping this facebook delivery (IntegrityError). Retry it after an update."
    )


def test_a_file_that_cannot_be_used_leaves_the_event_to_the_next_sweep(desk: Desk) -> None:
    desk.says("hello")
    event_id = desk.bells.waiting[0][4]
    desk.db.rest()
    whole = desk.db.path.read_bytes()
    desk.db.path.write_bytes(b"x" * len(whole))
    with pytest.raises(StoreError, match=r"is damaged\. Restore it from a backup"):
        desk.ring()
    desk.db.rest()
    desk.db.path.write_bytes(whole)
    desk.sweep()
    desk.ring()
    assert event(desk, event_id).state == "processed"


# -- receipts and reactions


def test_receipts_mark_what_was_sent_also_when_they_overtake_the_echo(desk: Desk) -> None:
    sent = desk.page.keep("8001", "From the inbox")
    desk.says("hello")
    desk.ring()
    desk.arrives(desk.item("8001", read={"watermark": desk._ms() + 1000}))
    desk.ring()
    desk.echo(sent)
    desk.ring()
    [message] = [message for message in desk.messages() if message.author == "user"]
    assert message.read_at
    assert message.delivered_at


def test_receipts_of_a_stranger_make_no_conversation(desk: Desk) -> None:
    before = cast.rows(desk.db.path)
    desk.arrives(desk.item("9999", read={"watermark": desk._ms()}))
    desk.ring()
    after = cast.rows(desk.db.path)
    assert after["conversation"] == before["conversation"]
    assert after["contact"] == before["contact"]


def test_a_reaction_is_shown_and_taken_back(desk: Desk) -> None:
    mid = desk.says("hello")
    desk.ring()
    for action, emoji in (("react", "\N{THUMBS UP SIGN}"), ("unreact", None)):
        desk.arrives(desk.item("8001", reaction={"mid": mid, "action": action, "emoji": emoji}))
        desk.ring()
        assert desk.messages()[0].reaction == emoji


def test_a_new_contact_is_asked_who_they_are_and_asked_again_an_hour_after_that_failed(desk: Desk) -> None:
    desk.page.profiles.append("error")
    desk.says("hello")
    desk.ring()
    assert name_of(desk) is None
    desk.wait(1800)
    desk.sweep()
    desk.ring()
    assert name_of(desk) is None
    desk.wait(1800)
    desk.sweep()
    desk.ring()
    assert name_of(desk) == "Ada Lovelace"


def test_who_is_known_already_is_not_asked_again(desk: Desk) -> None:
    now = desk.clock()
    contact_id = desk.db.write(lambda db: contacts.ensure(db, 1, "8001", now))
    desk.db.write(lambda db: contacts.set_profile(db, contact_id, "Ada L.", {}))
    desk.says("hello")
    desk.keep_all()
    assert all(job != "enrich" for _, _, job, _, _ in desk.bells.waiting)


def test_who_may_not_be_asked_about_is_not_asked_about_again(desk: Desk) -> None:
    desk.page.profiles.extend(["blocked", "blocked"])
    desk.says("hello")
    desk.wait(24 * 3600)
    desk.sweep()
    desk.ring()
    assert name_of(desk) is None


def name_of(desk: Desk) -> str | None:
    contact_id = desk.conversation().contact_id
    return desk.db.read(lambda db: contacts.get(db, contact_id)).name


def test_events_are_swept_up_after_every_wake_up_was_lost(desk: Desk) -> None:
    desk.auto()
    desk.says(QUESTION)
    desk.restart()
    desk.ring()
    desk.bells.lose()
    desk.wait(10)
    desk.sweep()
    desk.bells.waiting = [bell for bell in desk.bells.waiting if bell[2] == "answer"]
    desk.ring()
    desk.restart()
    desk.wait(10)
    assert len(desk.page.sent) == 1


def test_a_claim_left_behind_ends_with_the_start(desk: Desk) -> None:
    desk.auto()
    desk.says(QUESTION)
    desk.keep_all()
    desk.wait(0)
    desk.clock.wait(seconds=10)
    assert desk.db.write(lambda db: conversations.claim(db, desk.clock(), 1))
    desk.restart()
    desk.ring()
    assert len(desk.page.sent) == 1


def test_bodies_are_read_as_they_came(desk: Desk) -> None:
    """Unicode, controls and lone surrogates: kept or a dead letter, never an event that waits for ever."""
    for number, text in enumerate(("\\ud83d\\ude00 naïve", "\\u0000", "\\ud800", "\\u202e", "x" * 100_000)):
        item: Any = desk.item("8001", message={"mid": f"m_u{number}", "text": "TEXT"})
        whole = {"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [item]}]}
        event_id = desk.arrives_raw(json.dumps(whole).replace("TEXT", text).encode())
        desk.ring()
        assert event(desk, event_id).state in ("processed", "dead")
