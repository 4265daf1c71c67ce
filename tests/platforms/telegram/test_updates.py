"""What is said to the bot and what is not, when it is known which bot it is."""

import json
from typing import Any

import pytest

from socialai.domain.happening import Deleted, Happening, Ignored, Noted, Received
from socialai.errors import ParseError
from socialai.platforms.telegram import Telegram
from socialai.platforms.telegram.addressed import Bot
from socialai.platforms.telegram.updates import label, parse
from tests.platforms.telegram.sample import BEN, BOT, GROUP
from tests.platforms.wire import Wire

ME = Bot(BOT, "Northwind_Bot")


def message(text: str, **more: Any) -> dict[str, Any]:
    return {
        "message_id": 7,
        "date": 1795305600,
        "from": {"id": int(BEN), "is_bot": False, "first_name": "Ben"},
        "chat": {"id": int(GROUP), "type": "supergroup", "title": "Hikers"},
        "text": text,
        **more,
    }


def read(what: dict[str, Any], bot: Bot = ME) -> Happening:
    (found,) = parse(label(json.dumps({"update_id": 1, "message": what}).encode(), bot))
    return found


def marked(text: str, kind: str, **more: Any) -> dict[str, Any]:
    return message(text, entities=[{"type": kind, "offset": 0, "length": len(text.split()[0]), **more}])


def is_kept(what: dict[str, Any], bot: Bot = ME) -> bool:
    return isinstance(read(what, bot), Received)


def test_a_name_is_the_bots_however_it_is_written() -> None:
    assert is_kept(marked("@northwind_BOT hello", "mention"))
    assert not is_kept(marked("@southwind_bot hello", "mention"))


def test_where_the_bots_name_is_not_known_any_bots_name_is_taken_for_it() -> None:
    assert is_kept(marked("@southwind_bot hello", "mention"), Bot(BOT, ""))
    assert not is_kept(marked("@southwind hello", "mention"), Bot(BOT, ""))


def test_a_command_for_another_bot_is_not_for_this_one() -> None:
    assert is_kept(marked("/price", "bot_command"))
    assert is_kept(marked("/price@northwind_bot", "bot_command"))
    assert not is_kept(marked("/price@southwind_bot", "bot_command"))


def test_an_answer_to_another_bot_is_not_one_to_this_one() -> None:
    for number, kept in ((int(BOT), True), (BOT, True), (5, False)):
        quoted = message("Yes?") | {"from": {"id": number, "is_bot": True, "first_name": "Bot"}}
        assert is_kept(message("This", reply_to_message=quoted)) is kept


def test_a_link_to_a_person_is_no_call_for_the_bot() -> None:
    assert is_kept(marked("Northwind", "text_mention", user={"id": int(BOT), "is_bot": True}))
    assert not is_kept(marked("Anna", "text_mention", user={"id": 5, "is_bot": False}))


@pytest.mark.parametrize("entities", [None, "x", [{"type": "mention", "offset": -9, "length": 10**9}], [7]])
def test_marks_that_make_no_sense_mark_nothing(entities: Any) -> None:
    assert not is_kept(message("@northwind_bot", entities=entities))


def test_what_is_kept_knows_the_bot_and_holds_the_delivery_byte_by_byte() -> None:
    body = b'{"update_id": 1,  "poll": {}}'
    assert label(body, ME) == f"{BOT}/Northwind_Bot\n".encode() + body
    assert label(body, Bot(BOT)).endswith(b"/\n" + body)


def test_a_label_in_a_delivery_is_no_label() -> None:
    with pytest.raises(ParseError):
        parse(b"1/\n2/\n" + json.dumps({"update_id": 1, "message": message("/x")}).encode())


def test_a_quote_of_another_chat_answers_nothing_here() -> None:
    elsewhere = message("Yes?") | {"chat": {"id": 5, "type": "private"}}
    elsewhere["from"] = {"id": int(BOT), "is_bot": True}
    found = read(message("This", reply_to_message=elsewhere))
    assert isinstance(found, Received)
    assert found.reply_to is None


def test_what_a_payment_says_is_shown_as_money() -> None:
    for currency, amount, shown in (
        ("EUR", 1290, "12.90 EUR"),
        ("XTR", 50, "50 XTR"),
        ("JPY", 9, "9 JPY"),
    ):
        paid = {"currency": currency, "total_amount": amount}
        found = read(message("") | {"successful_payment": paid})
        assert isinstance(found, Noted)
        assert found.text == f"Paid through Telegram: {shown}"


def test_nothing_deleted_is_still_said_with_a_reason() -> None:
    deleted = {"business_connection_id": "b", "chat": {"id": 5}, "message_ids": []}
    body = json.dumps({"update_id": 1, "deleted_business_messages": deleted}).encode()
    assert all(isinstance(what, Ignored) for what in Telegram.parse(body))
    assert not [what for what in Telegram.parse(body) if isinstance(what, Deleted)]


def test_a_number_that_no_clock_shows_is_not_read() -> None:
    for date in ("9" * 5000, -1, 10**12, "soon"):
        with pytest.raises(ParseError):
            read(message("/x") | {"date": date, "chat": {"id": 5, "type": "private"}})
    assert Wire().requests == []
