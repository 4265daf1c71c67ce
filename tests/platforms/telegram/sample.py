"""Telegram as the contract test and this folder's tests see it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from socialai.platforms.base import Outgoing
from socialai.platforms.telegram import Telegram
from socialai.platforms.telegram.config import TelegramConfig
from tests.platforms.sample import Sample
from tests.platforms.telegram.expected import EXPECTED
from tests.platforms.wire import Wire

BOT, ANNA, BEN = "7301122334", "731004429", "88120045"
GROUP = "-1002233445566"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEXT = "Yes, the Fjell jacket is in stock."
TOKEN = f"{BOT}:AAF-the-token-of-the-northwind-bot"
CONFIG = TelegramConfig(bot_token=TOKEN, username="northwind_bot")


def adapter(wire: Wire, config: TelegramConfig = CONFIG) -> Telegram:
    return Telegram(config, wire.client())


def outgoing(**changes: Any) -> Outgoing:
    """An answer to Anna, who wrote an hour before `NOW`."""
    usual = {
        "contact": ANNA,
        "text": TEXT,
        "key": "socialai:4b1d",
        "last_contact_message_at": NOW - timedelta(hours=1),
        "by_person": False,
        "answers": f"{ANNA}/2001",
    }
    return Outgoing(**{**usual, **changes})


def ok(result: Any = True) -> httpx.Response:
    return httpx.Response(200, json={"ok": True, "result": result})


def sent(number: object = 3001) -> httpx.Response:
    return ok({"message_id": number, "date": 1, "chat": {"id": 1, "type": "private"}, "text": TEXT})


def refusal(code: int, description: str, **parameters: Any) -> httpx.Response:
    said: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return httpx.Response(code, json=said | ({"parameters": parameters} if parameters else {}))


def asked(wire: Wire, number: int = 0) -> tuple[str, Any]:
    """The method as it went over the wire, and its arguments."""
    request = wire.requests[number]
    target = request.extensions["target"].decode()
    assert TOKEN not in str(request.url)
    assert target.startswith(f"/bot{TOKEN}/")
    return target.rpartition("/")[2], wire.body(number)


def _refusal(code: int, description: str, **parameters: Any) -> Callable[[], httpx.Response]:
    return lambda: refusal(code, description, **parameters)


TELEGRAM = Sample(
    config=CONFIG,
    secrets=(TOKEN,),
    sign=lambda _: {"x-telegram-bot-api-secret-token": CONFIG.webhook_secret},
    id_keys=frozenset(
        {"id", "message_id", "update_id", "topic_id", "message_thread_id", "user_id", "date", "edit_date"}
        | {"migrate_to_chat_id", "migrate_from_chat_id"}
    ),
    accepts=sent,
    sent_id="7310044290018823/3001",
    blocked=_refusal(403, "Forbidden: bot was blocked by the user"),
    bad_request=_refusal(400, "Bad Request: chat not found"),
    dead_token=_refusal(401, "Unauthorized"),
    limited=_refusal(429, "Too Many Requests: retry after 35", retry_after=35),
    limited_for=35,
    lacks=frozenset({"own echo with our key", "receipt", "signature of the body"}),
    joined=frozenset({"external_id", "name", "reply_to"}),
    shared=EXPECTED,
)
