"""The bot's updates, asked for: how they come where Telegram cannot reach this hub.

Source: shared contract sheet; Bot API, getUpdates. Telegram forgets what is below the `offset` that it is
asked with. The cursor is the last update that was kept: it is named to Telegram only in the next question,
and then given up, since after a quiet week the numbers begin anew, anywhere.
"""

import httpx
from msgspec import Raw, Struct

from socialai.errors import DeliveryError, ParseError
from socialai.platforms.base import Polled
from socialai.platforms.reading import Id, decode, name
from socialai.platforms.telegram.addressed import Bot
from socialai.platforms.telegram.api import BotApi
from socialai.platforms.telegram.failures import Taken
from socialai.platforms.telegram.hook import ASKED, WebhookInfo
from socialai.platforms.telegram.updates import label

WAIT_SECONDS = 25
"""How long Telegram holds the question while nothing happens."""
_MOST = 100
_PATIENCE = httpx.Timeout(10.0, read=WAIT_SECONDS + 10.0)


class Numbered(Struct):
    update_id: Id


def since(api: BotApi, bot: Bot, cursor: str | None) -> Polled:
    """DeliveryError. Nothing, where a webhook brings them."""
    asked = {"timeout": WAIT_SECONDS, "limit": _MOST, "allowed_updates": ASKED}
    after = {"offset": int(cursor) + 1} if cursor else {}
    try:
        found = api.repeat("getUpdates", {**asked, **after}, list[Raw], _PATIENCE)
    except Taken:
        if not api.repeat("getWebhookInfo", {}, WebhookInfo).url:
            raise
        return Polled((), "")
    bodies = [label(bytes(raw), bot) for raw in found]
    return Polled(bodies, _number(found[-1]) if found else "", more=True, live=True)


def _number(raw: Raw) -> str:
    try:
        return name(decode(raw, Numbered).update_id)
    except ParseError:
        says = "Telegram's answer could not be understood."
        raise DeliveryError("retry", says, code="unreadable_answer") from None
