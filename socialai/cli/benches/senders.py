"""What each platform delivers: one new message a request, in its shape and with its signature."""

import hmac
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import msgspec
from msgspec import Struct

from socialai.cli.benches import shop
from socialai.platforms.telegram.config import TelegramConfig

_SECRET = "bench-app-secret"
_NUMBER = "96072893"
_ACCOUNT, _BOT_TOKEN = "17841400008460056", "7301122334:AAF-the-token-of-the-bench-bot"


class Said(Struct, frozen=True):
    """Times are milliseconds since 1970."""

    number: int
    person: str
    text: str
    at: int


class Sender(Struct, frozen=True):
    """`values` are the fields of the platform's Config."""

    platform: str
    values: Mapping[str, str]
    body: Callable[[Said], Mapping[str, Any]]
    proof: Callable[[bytes], Mapping[str, str]]

    def requests(self, people: int) -> Iterator[bytes]:
        """Without end; `people` write in turns."""
        now = int(time.time() * 1000)
        for number, text in zip(count(), shop.texts(), strict=False):
            said = Said(number, shop.person(number, people), text, now + number)
            body = msgspec.json.encode(self.body(said))
            yield shop.http_request(self.platform, body, self.proof(body))


def _of_meta(body: bytes) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.digest(_SECRET.encode(), body, 'sha256').hex()}"}


def _of_x(body: bytes) -> Mapping[str, str]:
    signed = b64encode(hmac.digest(_SECRET.encode(), body, "sha256")).decode()
    return {"X-Twitter-Webhooks-Signature-OAuth2": f"sha256={signed}"}


def _of_linkedin(body: bytes) -> Mapping[str, str]:
    return {"X-LI-Signature": hmac.digest(_SECRET.encode(), b"hmacsha256=" + body, "sha256").hex()}


def _of_telegram(_body: bytes) -> Mapping[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": TelegramConfig(bot_token=_BOT_TOKEN).webhook_secret}


def _on_instagram(said: Said) -> Mapping[str, Any]:
    message = {"mid": f"aWdfZAG1{said.number:024}", "text": said.text}
    there = {"sender": {"id": said.person}, "recipient": {"id": _ACCOUNT}, "timestamp": said.at}
    entry = {"id": _ACCOUNT, "time": said.at, "messaging": [{**there, "message": message}]}
    return {"object": "instagram", "entry": [entry]}


def _on_whatsapp(said: Said) -> Mapping[str, Any]:
    message = {
        "from": said.person,
        "id": f"wamid.{said.number:032}",
        "timestamp": str(said.at // 1000),
        "type": "text",
        "text": {"body": said.text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": _ACCOUNT},
        "contacts": [{"profile": {"name": "Kari"}, "wa_id": said.person}],
        "messages": [message],
    }
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _on_x(said: Said) -> Mapping[str, Any]:
    event = {
        "type": "message_create",
        "id": f"2080{said.number:015}",
        "created_timestamp": str(said.at),
        "message_create": {
            "target": {"recipient_id": _ACCOUNT},
            "sender_id": said.person,
            "message_data": {"text": said.text},
        },
    }
    return {"for_user_id": _ACCOUNT, "direct_message_events": [event]}


def _on_linkedin(said: Said) -> Mapping[str, Any]:
    """A comment: LinkedIn gives nobody private messages."""
    post, page = "urn:li:activity:7094637247890620418", f"urn:li:organization:{_NUMBER}"
    comment = f"urn:li:comment:({post},7094{said.number:015})"
    told = {
        "notificationId": said.number + 1,
        "organizationalEntity": page,
        "action": "COMMENT",
        "sourcePost": post,
        "lastModifiedAt": said.at,
        "generatedActivity": comment,
        "decoratedGeneratedActivity": {
            "comment": {
                "owner": f"urn:li:person:{said.person}",
                "text": said.text,
                "entity": comment,
                "object": post,
            }
        },
    }
    return {"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [told]}


def _on_telegram(said: Said) -> Mapping[str, Any]:
    person = int(said.person[-9:]) + 1
    message = {
        "message_id": said.number + 1,
        "from": {"id": person, "is_bot": False, "first_name": "Kari"},
        "chat": {"id": person, "type": "private", "first_name": "Kari"},
        "date": said.at // 1000,
        "text": said.text,
    }
    return {"update_id": said.number + 1, "message": message}


_META = {"app_secret": _SECRET, "verify_token": "bench-verify-token", "access_token": "bench-token"}

SENDERS = (
    Sender("instagram", {**_META, "account_id": _ACCOUNT, "graph_url": shop.NOBODY}, _on_instagram, _of_meta),
    Sender(
        "whatsapp",
        {**_META, "phone_number_id": _ACCOUNT, "waba_id": "102290129340398", "graph_url": shop.NOBODY},
        _on_whatsapp,
        _of_meta,
    ),
    Sender(
        "x",
        {
            "user_id": _ACCOUNT,
            "access_token": "bench-token",
            "client_secret": _SECRET,
            "api_url": shop.NOBODY,
        },
        _on_x,
        _of_x,
    ),
    Sender(
        "linkedin",
        {
            "organization_id": _NUMBER,
            "access_token": "bench",
            "client_secret": _SECRET,
            "api_url": shop.NOBODY,
        },
        _on_linkedin,
        _of_linkedin,
    ),
    Sender("telegram", {"bot_token": _BOT_TOKEN, "api_url": shop.NOBODY}, _on_telegram, _of_telegram),
)
