"""Conversations and replies over the API: read, page through, take over, approve, write."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from socialai.context import App
from socialai.store import contacts, conversations, messages, outbox
from tests import cast

Api = Callable[..., Any]


@pytest.fixture
def crowd(app: App, ids: dict[str, cast.Ids], clock: cast.Clock) -> list[int]:
    """Seven more conversations, two of them at the very same moment; ids oldest first."""
    channel_id = ids["acme"].channel_id

    def run(db: sqlite3.Connection) -> list[int]:
        made = []
        for number, minutes in enumerate((1, 2, 3, 3, 4, 5, 6)):
            at = clock() + timedelta(minutes=minutes)
            contact_id = contacts.ensure(db, channel_id, f"8{number}", at)
            made.append(conversations.ensure(db, channel_id, contact_id, at))
        return made

    return app.files.tenant("acme").write(run)


def test_a_list_is_read_page_by_page_without_gaps_or_repeats(api: Api, crowd: list[int]) -> None:
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = api("vera", "GET", f"/conversations?limit=3{more}").json()
        assert len(page["items"]) <= 3
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == [*reversed(crowd), 1]


@pytest.mark.parametrize(
    "cursor", ["x", "é", "e30=", "MQ==", "WyJhIiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ==", "_" * 200]
)
def test_a_cursor_of_another_list_is_refused(api: Api, cursor: str) -> None:
    answer = api("vera", "GET", "/conversations", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:socialai:invalid-input")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("view=all", 1),
        ("view=unread", 1),
        ("view=waiting", 1),
        ("view=escalated", 0),
        ("view=mine", 0),
        ("view=resolved", 0),
        ("words=Lovelace", 1),
        ("words=nobody", 0),
        ("channel_id=1", 1),
        ("channel_id=2", 0),
    ],
)
def test_views_and_words_choose_conversations(api: Api, query: str, found: int) -> None:
    assert len(api("anna", "GET", f"/conversations?{query}").json()["items"]) == found


def test_a_conversation_tells_all_there_is_of_it(api: Api) -> None:
    told = api("vera", "GET", "/conversations/1").json()
    assert told["contact"]["name"] == "Ada Lovelace"
    assert told["channel"]["platform"] == "facebook"
    assert told["messages"][0]["text"] == "Do you ship to Norway?"
    assert told["turns"][0]["triage"]["intent"] == "sales"
    assert told["turns"][0]["sources"][0]["sentence"] == "We ship to Norway for 9 EUR."
    assert {reply["state"] for reply in told["replies"]} == {"draft", "approved"}
    assert told["lead"]["score"] == 72
    assert told["window_ends_at"] == "2026-11-24T08:00:00.250000Z"


def test_messages_are_read_newest_first(app: App, api: Api, clock: cast.Clock) -> None:
    def run(db: sqlite3.Connection) -> None:
        for number in range(5):
            messages.add_outgoing(
                db, 1, 1, "user", 1, f"line {number}", clock() + timedelta(seconds=number + 1)
            )

    app.files.tenant("acme").write(run)
    first = api("vera", "GET", "/conversations/1/messages?limit=4").json()
    second = api("vera", "GET", f"/conversations/1/messages?limit=4&cursor={first['next']}").json()
    texts = [item["text"] for item in (*first["items"], *second["items"])]
    assert texts[:5] == ["line 4", "line 3", "line 2", "line 1", "line 0"]
    assert sorted(texts[5:]) == ["An earlier reply", "Do you ship to Norway?"]
    assert second["next"] is None


def test_a_person_takes_over_gives_back_resolves_and_reopens(api: Api) -> None:
    assert api("anna", "POST", "/conversations/1/take-over").json()["owner_id"] == 3
    other = api("adam", "POST", "/conversations/1/take-over")
    assert (other.status_code, other.json()["type"]) == (409, "urn:socialai:conflict")
    assert api("anna", "POST", "/conversations/1/give-back").json()["owner_id"] is None
    assert api("anna", "POST", "/conversations/1/resolve").json()["state"] == "resolved"
    assert api("anna", "POST", "/conversations/1/reopen").json()["state"] == "open"
    lines = [line["text"] for line in api("vera", "GET", "/conversations/1").json()["activities"]]
    assert "anna took over" in lines


def test_looking_at_it_makes_it_read(api: Api) -> None:
    assert api("vera", "POST", "/conversations/1/seen").json()["unread"] == 0


def test_an_approved_draft_is_owed_to_the_platform(app: App, api: Api, ids: dict[str, cast.Ids]) -> None:
    draft = api("anna", "GET", "/drafts").json()["items"][0]
    assert draft["id"] == ids["acme"].reply_id
    sent = api("anna", "POST", f"/replies/{draft['id']}/approve").json()
    assert (sent["state"], sent["user_id"]) == ("approved", 3)
    owed = app.files.tenant("acme").read(lambda db: outbox.by_reply(db, [draft["id"]]))
    assert [(item.state, item.text) for item in owed] == [("queued", draft["text"])]
    again = api("anna", "POST", f"/replies/{draft['id']}/send")
    assert again.status_code == 409


def test_send_is_approve_by_another_name(api: Api, ids: dict[str, cast.Ids]) -> None:
    assert api("anna", "POST", f"/replies/{ids['acme'].reply_id}/send").json()["state"] == "approved"


def test_a_draft_is_changed_or_rejected(api: Api, ids: dict[str, cast.Ids]) -> None:
    path = f"/replies/{ids['acme'].reply_id}"
    changed = api("anna", "PATCH", path, json={"text": " Yes. "}).json()
    assert (changed["text"], changed["original_text"][:7]) == ("Yes.", "Hi Ada,")
    assert api("anna", "POST", f"{path}/reject").json()["state"] == "rejected"
    assert api("anna", "GET", path).json()["state"] == "rejected"
    assert api("anna", "GET", "/drafts").json()["items"] == []


def test_what_a_person_writes_is_sent_and_the_draft_put_aside(api: Api, ids: dict[str, cast.Ids]) -> None:
    written = api("anna", "POST", "/conversations/1/replies", json={"text": "Yes, for 9 EUR."})
    assert (written.status_code, written.json()["author"]) == (201, "user")
    states = {
        reply["id"]: reply["state"]
        for reply in api("anna", "GET", "/conversations/1/replies").json()["items"]
    }
    assert states[ids["acme"].reply_id] == "superseded"
    assert api("anna", "GET", "/conversations/1").json()["conversation"]["owner_id"] == 3


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001, 7, None])
def test_a_reply_that_is_none_is_refused(api: Api, text: Any) -> None:
    assert api("anna", "POST", "/conversations/1/replies", json={"text": text}).status_code == 400


def test_a_field_nobody_knows_is_refused(api: Api) -> None:
    answer = api("anna", "POST", "/conversations/1/replies", json={"text": "Hi", "state": "sent"})
    assert answer.status_code == 400
    assert "state" in answer.json()["errors"][0]["message"]
