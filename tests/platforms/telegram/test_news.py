"""Updates that are asked for, and Telegram's own view of the webhook."""

from datetime import timedelta

import httpx
import pytest

from socialai.domain.happening import Received
from socialai.errors import DeliveryError
from socialai.platforms.base import WebhookRequest
from socialai.platforms.telegram import Telegram
from socialai.platforms.telegram.config import TelegramConfig
from socialai.platforms.telegram.hook import ASKED
from tests.platforms.telegram.sample import BOT, CONFIG, NOW, TOKEN, adapter, asked, ok, refusal
from tests.platforms.wire import Wire

URL = "https://hub.example.com/webhooks/telegram/acme"
TAKEN = refusal(409, "Conflict: can't use getUpdates method while webhook is active")
ME = {"id": int(BOT), "first_name": "Northwind", "username": "northwind_bot", "can_join_groups": True}


def update(number: int) -> dict[str, object]:
    chat = {"id": 5, "type": "private"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1795305600, "chat": chat, "from": {"id": 5}, "text": "Hi"},
    }


def test_what_waits_is_taken_and_named_to_telegram_only_in_the_next_question() -> None:
    wire = Wire(ok([update(7), update(8)]), ok([]), ok([]))
    telegram = adapter(wire)
    found = telegram.poll(None, NOW)
    assert (found.cursor, found.more, found.live) == ("8", True, True)
    told = [what for body in found.bodies for what in Telegram.parse(body)]
    assert all(isinstance(what, Received) and what.channel == BOT for what in told)
    assert "offset" not in asked(wire)[1]
    assert telegram.poll(found.cursor, NOW).cursor == ""
    assert asked(wire, 1)[1]["offset"] == 9
    telegram.poll("", NOW)
    assert "offset" not in asked(wire, 2)[1]


def test_it_is_waited_for_longer_than_telegram_holds_the_question() -> None:
    wire = Wire(ok([]))
    adapter(wire).poll(None, NOW)
    said = asked(wire)[1]
    assert said["allowed_updates"] == list(ASKED)
    assert wire.requests[0].extensions["timeout"]["read"] > said["timeout"]


def test_while_a_webhook_brings_them_there_is_nothing_to_ask_for() -> None:
    found = adapter(Wire(TAKEN, ok({"url": URL}))).poll("8", NOW)
    assert (list(found.bodies), found.more) == ([], False)


def test_another_program_that_takes_them_is_said() -> None:
    with pytest.raises(DeliveryError, match="Another program"):
        adapter(Wire(TAKEN, ok({"url": ""}))).poll("8", NOW)


@pytest.mark.parametrize("result", [[{"message": {}}], "x", [7]])
def test_an_answer_in_no_shape_we_know_is_worth_another_try(result: object) -> None:
    with pytest.raises(DeliveryError) as caught:
        adapter(Wire(ok(result))).poll(None, NOW)
    assert caught.value.outcome == "retry"


def test_telegram_is_told_where_to_deliver_and_with_which_secret() -> None:
    wire = Wire(ok())
    adapter(wire).subscribe(URL)
    wanted = {"url": URL, "secret_token": CONFIG.webhook_secret, "allowed_updates": list(ASKED)}
    assert asked(wire) == ("setWebhook", wanted)


def test_the_doctors_delivery_is_taken_for_one_and_says_nothing() -> None:
    rehearsal = adapter(Wire()).rehearse()
    assert rehearsal is not None
    adapter(Wire()).verify(WebhookRequest(rehearsal.headers, {}, rehearsal.body))
    assert [what.__class__.__name__ for what in Telegram.parse(rehearsal.body)] == ["Ignored"]


def told(url: str, info: dict[str, object], me: dict[str, object] | None = None, name: str = "") -> list[str]:
    config = TelegramConfig(bot_token=TOKEN, username=name or None)
    wire = Wire(ok({"allowed_updates": list(ASKED), **info}), ok({**ME, **(me or {})}))
    return [
        f"{found.about}: {found.state}: {found.says}" for found in adapter(wire, config).examine(url, NOW)
    ]


def test_the_doctor_says_where_telegram_delivers() -> None:
    assert told(URL, {"url": URL})[0].startswith("Webhook: ok")
    assert told(URL, {"url": "https://old.example.com/"})[0].startswith("Webhook: fix: Telegram delivers to")
    assert told(URL, {"url": ""})[0].startswith("Webhook: warn")
    assert told("", {"url": ""})[0].startswith("Webhook: ok: The hub asks")


def test_the_doctor_repeats_what_went_wrong_lately() -> None:
    failed = {
        "url": URL,
        "last_error_date": round((NOW - timedelta(minutes=5)).timestamp()),
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
        "pending_update_count": 300,
        "allowed_updates": ["message"],
    }
    _, delivery, waiting, kinds, _ = told(URL, failed)
    assert "5 minutes ago; Telegram says: Wrong response" in delivery
    assert "300 updates wait" in waiting
    assert "callback_query" in kinds
    assert len(told(URL, {**failed, "last_error_date": 1, "pending_update_count": 0})) == 3


def test_the_doctor_says_what_the_bot_sees_in_groups() -> None:
    assert "Nobody can add" in told("", {}, {"can_join_groups": False})[-1]
    assert "only what is said to it" in told("", {})[-1]
    everything: dict[str, object] = {"can_read_all_group_messages": True}
    assert "Groups: warn" in told("", {}, everything)[-1]
    assert "Groups: ok" in told("", {}, everything, "Northwind_bot")[-1]


def test_the_question_goes_where_the_owner_said() -> None:
    config = TelegramConfig(bot_token=TOKEN, api_url="https://bots.example.com/telegram/")
    wire = Wire(ok(ME))
    Telegram(config, wire.client()).check()
    request: httpx.Request = wire.requests[0]
    assert str(request.url) == "https://bots.example.com/telegram/bot/getMe"
    assert request.extensions["target"] == f"/telegram/bot{TOKEN}/getMe".encode()
