"""What goes over the wire, and what comes of it."""

from typing import Any

import httpx
import pytest

from socialai.domain.happening import Attachment
from socialai.errors import DeliveryError
from tests.platforms.telegram.sample import (
    ANNA,
    BEN,
    GROUP,
    NOW,
    TEXT,
    TOKEN,
    adapter,
    asked,
    ok,
    outgoing,
    refusal,
    sent,
)
from tests.platforms.wire import Wire

QUOTE = {"message_id": 2001, "allow_sending_without_reply": True}


def written(**changes: Any) -> tuple[str, Any]:
    """The id of the message and the arguments that it was sent with."""
    wire = Wire(sent())
    number = adapter(wire).send(outgoing(**changes), NOW)
    method, arguments = asked(wire)
    assert method == "sendMessage"
    return number, arguments


def test_a_private_answer_shows_what_it_answers() -> None:
    said = {"chat_id": int(ANNA), "text": TEXT, "reply_parameters": QUOTE}
    assert written() == (f"{ANNA}/3001", said)


def test_an_answer_in_a_group_goes_to_its_topic() -> None:
    said = {"chat_id": int(GROUP), "text": TEXT, "reply_parameters": QUOTE}
    answers = f"{GROUP}/2001"
    assert written(contact=BEN, thread=GROUP, answers=answers) == (f"{GROUP}/3001", said)
    in_topic = {**said, "message_thread_id": 44}
    assert written(contact=BEN, thread=f"{GROUP}/44", answers=answers) == (f"{GROUP}/3001", in_topic)
    assert written(contact=BEN, thread=f"{GROUP}#901", answers=answers) == (f"{GROUP}/3001", said)


def test_a_business_account_answers_through_its_newest_connection() -> None:
    number, said = written(
        contact=f"{BEN}@old", also=(f"{BEN}@", f"{BEN}@new", "somebody"), answers=f"{BEN}@/2001"
    )
    assert number == f"{BEN}@/3001"
    assert said["business_connection_id"] == "new"
    assert said["chat_id"] == int(BEN)
    assert said["reply_parameters"] == QUOTE


def test_a_direct_message_to_a_channel_is_answered_in_its_own_topic() -> None:
    number, said = written(contact=f"-1005566778899/{BEN}", answers="-1005566778899/2001")
    assert number == "-1005566778899/3001"
    assert (said["chat_id"], said["direct_messages_topic_id"]) == (-1005566778899, int(BEN))


def test_what_was_said_in_another_chat_is_not_quoted() -> None:
    assert "reply_parameters" not in written(contact=BEN, thread=GROUP, answers="-445566/12")[1]
    assert "reply_parameters" not in written(answers=None)[1]


def test_a_group_that_became_a_supergroup_is_written_to_under_its_new_id() -> None:
    moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1008877665544)
    wire = Wire(moved, sent())
    said = outgoing(contact=BEN, thread="-445566", answers="-445566/12")
    assert adapter(wire).send(said, NOW) == "-1008877665544/3001"
    assert asked(wire, 1) == ("sendMessage", {"chat_id": -1008877665544, "text": TEXT})


def test_who_pressed_a_button_sees_at_once_that_it_was_seen() -> None:
    wire = Wire(ok(), sent())
    adapter(wire).send(outgoing(answers=f"{ANNA}/1999/4382bf"), NOW)
    assert asked(wire) == ("answerCallbackQuery", {"callback_query_id": "4382bf"})
    assert asked(wire, 1)[1]["reply_parameters"]["message_id"] == 1999


def test_a_button_pressed_long_ago_is_answered_all_the_same() -> None:
    wire = Wire(refusal(400, "Bad Request: query is too old and response timeout expired"), sent())
    assert adapter(wire).send(outgoing(answers=f"{ANNA}/1999/4382bf"), NOW) == f"{ANNA}/3001"


def test_without_an_id_nobody_knows_whether_it_arrived() -> None:
    with pytest.raises(DeliveryError) as caught:
        adapter(Wire(ok({}))).send(outgoing(), NOW)
    assert caught.value.outcome == "unknown"


def test_whether_it_arrived_can_never_be_asked() -> None:
    wire = Wire()
    with pytest.raises(DeliveryError) as caught:
        adapter(wire).find_sent(outgoing(), NOW)
    assert (caught.value.outcome, wire.requests) == ("permanent", [])
    assert "look into the chat" in str(caught.value)


def test_typing_is_shown_where_the_answer_will_be() -> None:
    wire = Wire(ok(), ok(), ok())
    for said in (outgoing(), outgoing(contact=f"{BEN}@bc"), outgoing(contact=f"-100556/{BEN}")):
        adapter(wire).typing(said)
    assert asked(wire) == ("sendChatAction", {"chat_id": int(ANNA), "action": "typing"})
    assert asked(wire, 1)[1]["business_connection_id"] == "bc"
    assert asked(wire, 2)[1] == {"chat_id": -100556, "action": "typing"}


def test_messages_are_changed_and_deleted_where_they_are() -> None:
    wire = Wire(ok({}), ok())
    adapter(wire).moderate("edit", f"{ANNA}/3001", "In blue, too.")
    adapter(wire).moderate("delete", f"{GROUP}/77", "")
    assert asked(wire) == (
        "editMessageText",
        {"chat_id": int(ANNA), "message_id": 3001, "text": "In blue, too."},
    )
    assert asked(wire, 1) == ("deleteMessage", {"chat_id": int(GROUP), "message_id": 77})


def test_doing_it_twice_changes_nothing() -> None:
    wire = Wire(
        refusal(400, "Bad Request: message is not modified: specified new message content"),
        refusal(400, "Bad Request: message to delete not found"),
    )
    adapter(wire).moderate("edit", f"{ANNA}/3001", "In blue, too.")
    adapter(wire).moderate("delete", f"{ANNA}/3001", "")
    assert len(wire.requests) == 2


def test_in_the_chats_of_a_business_account_nothing_is_changed() -> None:
    wire = Wire()
    with pytest.raises(DeliveryError, match="do it in Telegram"):
        adapter(wire).moderate("delete", f"{BEN}@/5003", "")
    assert wire.requests == []


def test_a_file_is_found_without_the_token_in_its_address() -> None:
    wire = Wire(ok({"file_id": "x", "file_path": "photos/file 1.jpg"}))
    found = adapter(wire).locate(Attachment("image", ref="AgAC"))
    assert asked(wire) == ("getFile", {"file_id": "AgAC"})
    assert found is not None
    assert found.url == "https://api.telegram.org/file/bot/photos/file%201.jpg"
    assert found.target == f"/file/bot{TOKEN}/photos/file%201.jpg"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ok({"file_path": "/var/lib/telegram/file.jpg"}), "keeps its files for itself"),
        (refusal(400, "Bad Request: file is too big"), "no files over 20 MB"),
    ],
)
def test_a_file_that_telegram_keeps_is_given_up(answer: httpx.Response, says: str) -> None:
    with pytest.raises(DeliveryError, match=says) as caught:
        adapter(Wire(answer)).locate(Attachment("file", ref="BQAC"))
    assert caught.value.outcome == "permanent"


def test_a_file_without_a_path_has_no_place() -> None:
    assert adapter(Wire(ok({}))).locate(Attachment("file", ref="BQAC")) is None
    assert adapter(Wire()).locate(Attachment("location", url="geo:1,2")) is not None
    assert adapter(Wire()).locate(Attachment("poll", title="Red?")) is None


def test_the_account_is_called_as_the_bot_is() -> None:
    wire = Wire(ok({"id": 7, "first_name": "Northwind", "username": "northwind_bot"}))
    assert adapter(wire).check() == "Northwind"
    assert asked(wire) == ("getMe", {})
