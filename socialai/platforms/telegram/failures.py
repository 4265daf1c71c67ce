"""What each refusal of the Bot API means for us. Source: shared contract sheet; tdlib's error texts.

The code alone does not say enough, so the beginnings of the descriptions are read too; one that is not known
means what its code does.
"""

from collections.abc import Sequence

import httpx
import msgspec
from msgspec import Struct

from socialai.errors import DeliveryError, Outcome
from socialai.platforms.reading import Id

_REFUSED = "Telegram does not accept this as it is."
_AWAY = "The contact cannot be reached: Telegram lets a bot write only to people who opened it themselves."
_BUSY = "Telegram has a problem of its own right now; the hub tries again."
_UNCLEAR = "Telegram did not say whether the message went out, and it cannot be asked."
_LIMIT = "The bot wrote more than Telegram allows for now; the hub tries again when it may."
_TOKEN = (
    "Telegram no longer accepts the bot's token; copy the new one from @BotFather and connect the bot again."
)
_OTHER = (
    "Another program asks Telegram for this bot's messages; only one can. Stop the other one, or give the "
    "hub a bot of its own."
)
_GONE = "The message is not there any more."
_RIGHTS = "The bot may not write here; make it an administrator of the group, or let its members write."

_SAID: Sequence[tuple[str, str]] = (
    ("bot was blocked", "The contact blocked the bot; nothing can be sent until they start it again."),
    ("user is deactivated", "The contact's Telegram account is gone."),
    ("bot can't initiate", _AWAY),
    ("bot was kicked", "The bot was removed from the group; add it again to answer there."),
    ("bot is not a member", "The bot is not in this group or channel; add it again to answer there."),
    ("chat not found", _AWAY),
    ("user not found", _AWAY),
    ("peer_id_invalid", _AWAY),
    ("message is too long", "The message is longer than Telegram takes at once."),
    ("message text is empty", "The message is empty."),
    ("not enough rights", _RIGHTS),
    ("have no rights", _RIGHTS),
    ("need administrator rights", _RIGHTS),
    ("chat_write_forbidden", _RIGHTS),
    ("topic_closed", "This topic of the group is closed; open it again to answer there."),
    ("message thread not found", "This topic of the group is gone."),
    ("message to edit not found", _GONE),
    ("message to delete not found", _GONE),
    ("message can't be edited", "Telegram lets nobody change this message any more."),
    ("message can't be deleted", "Telegram lets nobody delete this message any more: it is too old."),
    (
        "business",
        "Telegram does not let the bot answer for this business account now: the chat was quiet for a day, "
        "or its owner took the right back. Look in Telegram under Settings → Telegram Business → Chatbots.",
    ),
    ("file is too big", "Telegram gives bots no files over 20 MB."),
)
_UNCHANGED = ("message is not modified", "message to delete not found")
"""What was wanted is so already."""


class Parameters(Struct):
    retry_after: float | None = None
    migrate_to_chat_id: Id | None = None


class Answer(Struct):
    ok: bool | None = None
    error_code: int | None = None
    description: str = ""
    parameters: Parameters | None = None


class Migrated(DeliveryError):
    """The group has become a supergroup, and `chat` is its id now."""

    def __init__(self, chat: Id) -> None:
        super().__init__("retry", "The group has another id now; the hub tries again.", code="migrated")
        self.chat = str(chat)


class Unchanged(DeliveryError):
    """It is already as it was wanted."""

    def __init__(self) -> None:
        super().__init__("permanent", "Nothing was to be done.", code="unchanged")


class Taken(DeliveryError):
    """Somebody else gets the bot's updates: another program, or the webhook."""

    def __init__(self) -> None:
        super().__init__("retry", _OTHER, code="409")


def find_error(response: httpx.Response) -> DeliveryError | None:
    """The error in an answer, or None when it is one of success."""
    answer = _read(response)
    if response.is_success and answer.ok is not False:
        return None
    code = answer.error_code or response.status_code
    more = answer.parameters or Parameters()
    said = answer.description.lower()
    if more.migrate_to_chat_id is not None:
        return Migrated(more.migrate_to_chat_id)
    if code == 409:
        return Taken()
    if code == 400 and any(words in said for words in _UNCHANGED):
        return Unchanged()
    outcome, says = _meaning(code, said)
    wait = more.retry_after if code == 429 else None
    return DeliveryError(outcome, says, code=str(code), retry_after=wait)


def _meaning(code: int, said: str) -> tuple[Outcome, str]:
    if code in (401, 404):
        return "reauthorise", _TOKEN
    if code == 429:
        return "retry", _LIMIT
    if code in (502, 504):
        # A gateway that got no answer itself cannot tell whether the message was taken.
        return "unknown", _UNCLEAR
    if code >= 500 or code == 408:
        return "retry", _BUSY
    usual = _AWAY if code == 403 else _REFUSED
    return "permanent", next((says for words, says in _SAID if words in said), usual)


def _read(response: httpx.Response) -> Answer:
    try:
        return msgspec.json.decode(response.content, type=Answer, strict=False)
    except (ValueError, RecursionError):
        return Answer()
