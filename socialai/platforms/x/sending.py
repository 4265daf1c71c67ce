"""What the account says: private messages, and answers under a post.

Source: shared contract sheet; X's OpenAPI, createDirectMessagesByParticipantId and createPosts. X has no
key of ours that would come back with the echo: an echo is known by its words.
"""

import re
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from socialai.platforms.calls import Calls
from socialai.platforms.reading import Id
from socialai.platforms.x.failures import FORBIDDEN

_CASHTAG = re.compile(r"(?<!\w)\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?\b")
_NOT_TAKEN = "X does not deliver this: the person takes no private messages from the account."
_NOT_SUMMONED = (
    "X refused this answer. A program may answer only a post that mentions or quotes the account, and not "
    "twice with the same words. Answer it on x.com."
)


class Sent(Struct):
    dm_event_id: Id | None = None
    id: Id | None = None


class Made(Struct):
    data: Sent | None = None


def write(calls: Calls, outgoing: Outgoing) -> str:
    path = f"2/dm_conversations/with/{quote(outgoing.contact, safe='')}/messages"
    made = _make(calls, path, {"text": outgoing.text}, _NOT_TAKEN)
    return _named(made.dm_event_id)


def answer(calls: Calls, outgoing: Outgoing) -> str:
    """Under the post that it answers."""
    if len(_CASHTAG.findall(outgoing.text)) > 1:
        message = "X takes one cashtag like $ABC in a post; write the others without the $."
        raise DeliveryError("permanent", message, code="cashtags")
    reply = {"in_reply_to_tweet_id": outgoing.answers or outgoing.thread}
    made = _make(calls, "2/tweets", {"text": outgoing.text, "reply": reply}, _NOT_SUMMONED)
    return _named(made.id)


def moderate(calls: Calls, deed: Deed, post_id: str) -> None:
    where = f"2/tweets/{quote(post_id, safe='')}"
    if deed == "delete":
        calls.repeat("DELETE", where)
    else:
        calls.repeat("PUT", f"{where}/hidden", json={"hidden": deed == "hide"})


def _make(calls: Calls, path: str, body: dict[str, Any], forbidden: str) -> Sent:
    try:
        response = calls.write("POST", path, json=body)
    except DeliveryError as error:
        if error.code != FORBIDDEN:
            raise
        raise DeliveryError("permanent", forbidden, code=FORBIDDEN) from None
    return calls.understood(response, Made).data or Sent()


def _named(number: Id | None) -> str:
    if not number:
        raise DeliveryError("unknown", "X took it but did not say under which id.", code="no_id")
    return str(number)
