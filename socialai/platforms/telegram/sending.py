"""What the bot says and does. Source: shared contract sheet; Bot API 10.1, sendMessage and its kin."""

from typing import Any

from msgspec import Struct

from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from socialai.platforms.reading import Id
from socialai.platforms.telegram import ids
from socialai.platforms.telegram.api import BotApi
from socialai.platforms.telegram.failures import Migrated, Unchanged


class Sent(Struct):
    message_id: Id | None = None


def write(api: BotApi, outgoing: Outgoing) -> str:
    """A group that became a supergroup meanwhile is written to under its new id."""
    to = ids.destination(outgoing)
    quoted = ids.quote(outgoing.answers, ids.chat_name(to))
    try:
        return _write(api, to, {"text": outgoing.text, **quoted})
    except Migrated as moved:
        return _write(api, {"chat_id": ids.number(moved.chat)}, {"text": outgoing.text})


def acknowledge(api: BotApi, outgoing: Outgoing) -> None:
    """Whose button waits sees that it was pressed. DeliveryError."""
    if query := ids.pressed(outgoing.answers):
        api.repeat("answerCallbackQuery", {"callback_query_id": query}, bool)


def show_typing(api: BotApi, outgoing: Outgoing) -> None:
    to = ids.destination(outgoing)
    to.pop("direct_messages_topic_id", None)  # nobody can be shown that there
    api.repeat("sendChatAction", {**to, "action": "typing"}, bool)


def moderate(api: BotApi, deed: Deed, external_id: str, text: str) -> None:
    """Of a business account's chats no message can be changed: through which connection is not known here."""
    chat, message = ids.parted(external_id)
    if chat.endswith("@"):
        says = "Telegram lets the hub change nothing in the chats of a business account; do it in Telegram."
        raise DeliveryError("permanent", says, code="business")
    about = {"chat_id": ids.number(chat), "message_id": message}
    try:
        if deed == "edit":
            api.repeat("editMessageText", {**about, "text": text}, Any)
        else:
            api.repeat("deleteMessage", about, bool)
    except Unchanged:
        return


def _write(api: BotApi, to: dict[str, Any], what: dict[str, Any]) -> str:
    sent = api.write("sendMessage", {**to, **what}, Sent)
    if sent.message_id is None:
        message = "Telegram took the message but did not say under which id."
        raise DeliveryError("unknown", message, code="no_message_id")
    return ids.message_id(ids.chat_name(to), sent.message_id)
