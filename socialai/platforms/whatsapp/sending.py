"""The messages we send. Source: business-messaging-api_v23.0.yaml, and the shared contract sheet for
`recipient`."""

import re
from datetime import datetime, timedelta
from typing import Any

from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from socialai.platforms.whatsapp.config import WhatsAppConfig
from socialai.platforms.whatsapp.people import is_number

WINDOW = timedelta(hours=24)
LONGEST_BLANK = 1024
_LINK = re.compile(r"https?://")


def message(outgoing: Outgoing, config: WhatsAppConfig, now: datetime) -> dict[str, Any]:
    """The body of the request, or DeliveryError when it may not be sent."""
    if outgoing.template:
        content = _template(outgoing, config)
    else:
        _check_window(outgoing, now, config)
        content = _text(outgoing)
    key = {"biz_opaque_callback_data": outgoing.key}
    return {"messaging_product": "whatsapp", **_to(outgoing), **content, **key}


def seen(outgoing: Outgoing) -> dict[str, Any]:
    """That their message was read and an answer is being written."""
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": outgoing.answers}
    return {**read, "typing_indicator": {"type": "text"}}


def _to(outgoing: Outgoing) -> dict[str, str]:
    """A number where one is known, which every version takes; else the user id."""
    if outgoing.in_public:
        return {"recipient_type": "group", "to": outgoing.thread}
    number = next((name for name in (outgoing.contact, *outgoing.also) if is_number(name)), None)
    return {"recipient_type": "individual", **({"to": number} if number else {"recipient": outgoing.contact})}


def _text(outgoing: Outgoing) -> dict[str, Any]:
    shown = {"body": outgoing.text, "preview_url": bool(_LINK.search(outgoing.text))}
    about = {"context": {"message_id": outgoing.answers}} if outgoing.answers else {}
    return {"type": "text", "text": shown, **about}


def _template(outgoing: Outgoing, config: WhatsAppConfig) -> dict[str, Any]:
    """Its one blank, where it has one, holds the text: in one line, as WhatsApp wants it."""
    if not config.template_name:
        message = "No message template is chosen for this channel; name one under “More settings”."
        raise _refused(message, "no_template")
    language = {"policy": "deterministic", "code": config.template_language}
    template: dict[str, Any] = {"name": config.template_name, "language": language}
    if config.template_takes_text:
        text = " ".join(outgoing.text.split())
        if len(text) > LONGEST_BLANK:
            message = f"The blank of a message template takes {LONGEST_BLANK} characters; make it shorter."
            raise _refused(message, "too_long")
        template["components"] = [{"type": "body", "parameters": [{"type": "text", "text": text}]}]
    return {"type": "template", "template": template}


def _check_window(outgoing: Outgoing, now: datetime, config: WhatsAppConfig) -> None:
    last = outgoing.last_contact_message_at
    if last is not None and now - last <= WINDOW:
        return
    since = "has not written yet" if last is None else "last wrote over 24 hours ago"
    can = "a person can send your message template" if config.template_name else "only a template may go out"
    message = f"The contact {since}; on WhatsApp {can}, and everything else after they write again."
    raise _refused(message, "window_closed")


def _refused(message: str, code: str) -> DeliveryError:
    return DeliveryError("permanent", message, code=code)
