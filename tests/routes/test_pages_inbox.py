"""The inbox: what it shows of a conversation, and what a person does there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from socialai.context import App
from socialai.domain.happening import Received
from socialai.store import channels, contacts, conversations, events, messages, outbox, receipts, replies
from tests import cast
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
Post = Callable[..., Any]


@pytest.fixture
def acme(ids: dict[str, cast.Ids]) -> cast.Ids:
    return ids["acme"]


@pytest.fixture
def file(app: App) -> Any:
    return app.files.tenant("acme")


@pytest.fixture
def post(client: Client, browser: Browser) -> Post:
    def send(path: str, name: str = "anna", htmx: bool = True, **data: object) -> Any:
        headers = browser(name) | ({"hx-request": "true"} if htmx else {})
        return client.post(f"/inbox/1{path}", headers=headers, data=data, follow_redirects=False)

    return send


@pytest.fixture
def get(client: Client, browser: Browser) -> Callable[..., str]:
    def ask(path: str, name: str = "anna", **headers: str) -> str:
        answer = client.get(path, headers=browser(name) | headers)
        assert answer.status_code == 200
        return str(answer.text)

    return ask


def _write_again(app: App, text: str = "And how long does it take?") -> None:
    def run(db: Any) -> None:
        received = Received(
            channel="1001", contact="7001", external_id="m_2", at=app.clock(), text=text, kind="text"
        )
        messages.add_inbound(db, 1, received, None, "t2", app.clock())
        conversations.received(db, 1, text, app.clock())

    app.files.tenant("acme").write(run)


def test_a_row_says_who_wrote_what_and_what_waits(get: Callable[..., str]) -> None:
    text = get("/inbox")
    for shown in ("Ada Lovelace", "To approve", "Not sent", "left"):
        assert shown in text


def test_opening_it_marks_it_read_for_those_who_answer(get: Callable[..., str], file: Any) -> None:
    def unread() -> int:
        return int(file.read(lambda db: conversations.get(db, 1)).unread)

    get("/inbox/1", "vera")
    assert unread() == 1
    get("/inbox/1", "anna")
    assert unread() == 0


def test_the_panel_says_what_was_understood_and_from_where(get: Callable[..., str]) -> None:
    text = get("/inbox/1")
    for shown in ("Sales", "91 %", "72", "Wants to buy", "40/40", "We ship to Norway for 9 EUR.", "classify"):
        assert shown in text
    assert "/knowledge/1?quote=We%20ship%20to%20Norway" in text


def test_approving_queues_the_reply(post: Post, file: Any, acme: cast.Ids) -> None:
    answer = post(f"/replies/{acme.reply_id}/approve", text="Hi Ada, we ship to Norway for 9 EUR.", version=1)
    assert answer.status_code == 200
    assert "anna approved the draft" in answer.text
    items = file.read(lambda db: outbox.by_reply(db, [acme.reply_id]))
    assert [item.text for item in items] == ["Hi Ada, we ship to Norway for 9 EUR."]


def test_approving_with_other_words_sends_those(post: Post, file: Any, acme: cast.Ids) -> None:
    post(f"/replies/{acme.reply_id}/approve", text="Hello Ada!\r\nWe do.", version=1)
    reply = file.read(lambda db: replies.get(db, acme.reply_id))
    assert (reply.state, reply.text) == ("approved", "Hello Ada!\nWe do.")
    assert reply.original_text.startswith("Hi Ada")


def test_what_the_person_has_not_read_is_not_answered(
    app: App, post: Post, file: Any, acme: cast.Ids
) -> None:
    _write_again(app)
    answer = post(f"/replies/{acme.reply_id}/approve", text="Other words", version=1)
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#toasts"
    assert file.read(lambda db: replies.get(db, acme.reply_id)).state == "draft"


def test_saving_keeps_the_draft_a_draft(post: Post, file: Any, acme: cast.Ids) -> None:
    assert "edited" in post(f"/replies/{acme.reply_id}/save", text="Better words", version=1).text
    reply = file.read(lambda db: replies.get(db, acme.reply_id))
    assert (reply.state, reply.text) == ("draft", "Better words")


def test_after_a_deed_the_list_is_the_one_that_was_looked_at(client: Client, browser: Browser) -> None:
    headers = browser("anna") | {"hx-request": "true"}
    for place, view in (("http://hub/inbox/1?view=waiting", "waiting"), ("http://[", "all"), ("", "all")):
        answer = client.post("/inbox/1/take-over", headers=headers | {"hx-current-url": place})
        assert f'name="view" value="{view}"' in answer.text


def test_rejecting_leaves_an_empty_field(post: Post, acme: cast.Ids) -> None:
    text = post(f"/replies/{acme.reply_id}/reject").text
    assert "anna rejected the draft" in text
    assert 'id="approve"' not in text


def test_writing_oneself_takes_the_conversation_over(post: Post, file: Any) -> None:
    text = post("/write", text="I will look into it.").text
    assert "You have it" in text
    assert "I will look into it." in text
    assert file.read(lambda db: replies.find_draft(db, 1)) is None


def test_an_empty_reply_is_refused_in_words(post: Post) -> None:
    answer = post("/write", text="  ")
    assert answer.status_code == 400
    assert "The reply is empty" in answer.text


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("take-over", "You have it"),
        ("give-back", "gave it back"),
        ("resolve", "Resolved"),
        ("reopen", "reopened it"),
    ],
)
def test_the_deeds_of_the_head_line(post: Post, deed: str, said: str) -> None:
    assert said in post(f"/{deed}").text


def test_a_deed_that_is_none(post: Post) -> None:
    assert post("/explode").status_code == 404


def test_another_conversations_reply_is_not_found_here(
    client: Client, browser: Browser, app: App, acme: cast.Ids, file: Any
) -> None:
    other = file.write(
        lambda db: conversations.ensure(db, acme.channel_id, _second(db, acme, app), app.clock())
    )
    path = f"/inbox/{other}/replies/{acme.reply_id}/approve"
    assert client.post(path, headers=browser("anna"), data={"text": "x"}).status_code == 404


def _second(db: Any, acme: cast.Ids, app: App) -> int:
    return contacts.ensure(db, acme.channel_id, "7002", app.clock())


def test_who_only_reads_cannot_answer(post: Post, get: Callable[..., str], acme: cast.Ids) -> None:
    assert post("/write", "vera", text="x").status_code == 403
    assert post(f"/replies/{acme.reply_id}/approve", "vera").status_code == 403
    assert post("/resolve", "vera").status_code == 403
    assert "You can read here, not answer" in get("/inbox/1", "vera")


def test_the_field_says_why_it_is_closed(
    app: App, clock: cast.Clock, get: Callable[..., str], file: Any
) -> None:
    clock.wait(hours=25)
    text = get("/inbox/1")
    assert "takes replies only for 24 hours" in text
    assert 'id="reply-text"' not in text
    assert "Reply time over" in text
    file.write(lambda db: channels.set_state(db, 1, "reauthorise", "The token is dead"))
    assert "is disconnected, so nothing can be sent" in get("/inbox/1")


def test_the_window_is_closing_soon(clock: cast.Clock, get: Callable[..., str]) -> None:
    clock.wait(hours=21)
    assert "Closing soon" in get("/inbox")


@pytest.mark.parametrize(
    ("view", "is_there"),
    [
        ("all", True),
        ("unread", True),
        ("waiting", True),
        ("escalated", False),
        ("mine", False),
        ("resolved", False),
    ],
)
def test_views(get: Callable[..., str], view: str, is_there: bool) -> None:
    assert ("Ada Lovelace" in get(f"/inbox?view={view}")) is is_there


def test_words_channels_and_nonsense_filter(get: Callable[..., str]) -> None:
    assert "Ada Lovelace" in get("/inbox?q=lovel")
    assert "Nothing found" in get("/inbox?q=babbage")
    assert "Nothing found" in get("/inbox?channel=77")
    assert "Ada Lovelace" in get("/inbox?view=nothing&channel=x&shown=-5&q=%20")


def test_the_pulse_leaves_a_field_alone_that_is_typed_in(get: Callable[..., str]) -> None:
    assert 'id="composer-1"' in get("/inbox/pulse?open=1")
    typing = get("/inbox/pulse?open=1&typing=1")
    assert 'id="composer-1"' not in typing
    assert 'id="thread-1"' in typing


def test_the_pulse_of_a_conversation_that_is_gone_is_the_list(get: Callable[..., str]) -> None:
    text = get("/inbox/pulse?open=99")
    assert 'id="list"' in text
    assert "thread-" not in text


def test_every_outcome_of_a_reply_is_told(
    get: Callable[..., str], file: Any, acme: cast.Ids, app: App
) -> None:
    told = {
        "queued": "Waits to be sent",
        "unknown": "Nobody knows yet",
        "dead": "Not sent: Facebook refused it.",
        "discarded": "a person discarded it",
    }
    for state, sentence in told.items():
        file.write(lambda db, state=state: db.execute("update outbox set state = ?", (state,)))
        assert sentence in get("/inbox/1")

    def arrive(db: Any) -> None:
        item = outbox.get(db, acme.item_id)
        messages.sent(db, item.place.message_id, "m_9", app.clock())
        receipts.read(db, 1, app.clock() + timedelta(seconds=1))

    file.write(arrive)
    assert "Read by the contact" in get("/inbox/1")


def test_the_way_of_a_message_has_its_times(app: App, get: Callable[..., str], file: Any) -> None:
    def run(db: Any) -> None:
        event_id = events.keep(db, "facebook", b"{}", "trace-1", app.clock() - timedelta(seconds=2))
        db.execute("update message set event_id = ? where author = 'contact'", (event_id,))

    file.write(run)
    text = get("/inbox/1")
    for stop in ("Written", "Received and kept", "after 2.0 s", "Draft made", "Approved"):
        assert stop in text


def test_a_page_without_scripts_still_works(post: Post, acme: cast.Ids) -> None:
    answer = post(f"/replies/{acme.reply_id}/approve", htmx=False, text="", version=1)
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
