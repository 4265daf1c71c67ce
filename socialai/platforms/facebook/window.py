"""When the Page may answer: for 24 hours after the contact wrote; a person, with permission, for 7 days."""

from datetime import datetime, timedelta

from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing

ANYONE = timedelta(hours=24)
PERSON = timedelta(days=7)

_RESPONSE = {"messaging_type": "RESPONSE"}
_HUMAN_AGENT = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


def messaging_type(outgoing: Outgoing, human_agent: bool, now: datetime) -> dict[str, str]:
    """What the request must say about the window, or DeliveryError when it is closed."""
    last = outgoing.last_contact_message_at
    if last is None:
        raise _closed("The contact has not written to the Page yet; Facebook lets the Page only answer.")
    if now - last <= ANYONE:
        return _RESPONSE
    if now - last > PERSON:
        raise _closed(
            "The contact last wrote over 7 days ago; Facebook lets the Page answer only after they do."
        )
    if not outgoing.by_person:
        raise _closed("The contact last wrote over 24 hours ago; Facebook lets only a person answer now.")
    if not human_agent:
        raise _closed(
            "The contact last wrote over 24 hours ago; without Facebook's Human Agent permission "
            "the Page may answer only after they write again."
        )
    return _HUMAN_AGENT


def _closed(message: str) -> DeliveryError:
    return DeliveryError("permanent", message, code="window_closed")
