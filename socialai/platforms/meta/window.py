"""When an account may answer: for 24 hours after the contact wrote; a person, with permission, for 7 days."""

from datetime import datetime, timedelta

from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing

ANYONE = timedelta(hours=24)
PERSON = timedelta(days=7)
COMMENT = timedelta(days=7)
"""How long a comment may be answered in private."""

_RESPONSE = {"messaging_type": "RESPONSE"}
_HUMAN_AGENT = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


def messaging_type(outgoing: Outgoing, human_agent: bool, now: datetime, title: str) -> dict[str, str]:
    """What the request must say about the window, or DeliveryError when it is closed."""
    last = outgoing.last_contact_message_at
    if last is None:
        raise _closed(f"The contact has not written yet; {title} lets a business only answer.")
    if now - last <= ANYONE:
        return _RESPONSE
    if now - last > PERSON:
        raise _closed(
            f"The contact last wrote over 7 days ago; {title} lets a business answer only after they do."
        )
    if not outgoing.by_person:
        raise _closed(f"The contact last wrote over 24 hours ago; {title} lets only a person answer now.")
    if not human_agent:
        raise _closed(
            f"The contact last wrote over 24 hours ago; without {title}'s Human Agent permission "
            "a business may answer only after they write again."
        )
    return _HUMAN_AGENT


def check_private_answer(outgoing: Outgoing, now: datetime, title: str) -> None:
    """A comment is answered in private within 7 days."""
    at = outgoing.answers_at
    if outgoing.answers is None or at is None:
        raise _closed("There is no comment left that could be answered in private.")
    if now - at > COMMENT:
        raise _closed(f"The comment is older than 7 days; {title} lets nobody answer it in private now.")


def _closed(message: str) -> DeliveryError:
    return DeliveryError("permanent", message, code="window_closed")
