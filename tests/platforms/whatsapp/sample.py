"""WhatsApp as the contract test and this folder's tests see it."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from socialai.platforms.base import Outgoing
from socialai.platforms.whatsapp import WhatsApp
from socialai.platforms.whatsapp.config import WhatsAppConfig
from tests.platforms.sample import Sample
from tests.platforms.whatsapp.expected import EXPECTED
from tests.platforms.wire import Wire

NUMBER, WABA, ANNA, ANNAS_ID = "106540352242922", "102290129340398", "4790012345", "NO.13491208655302741918"
NOW = datetime(2025, 11, 22, 12, 0, tzinfo=UTC)
TEXT = "Yes, the Fjell jacket is in stock."
ASKED = "wamid.HBgLNDc5MDAxMjM0NQ"
CONFIG = WhatsAppConfig(
    phone_number_id=NUMBER,
    waba_id=WABA,
    access_token="EAAJ-token-of-acme",
    app_secret="app-secret-of-acme",
    verify_token="verify-token-of-acme",
)


def adapter(wire: Wire, config: WhatsAppConfig = CONFIG) -> WhatsApp:
    return WhatsApp(config, wire.client())


def outgoing(**changes: Any) -> Outgoing:
    """An answer to Anna, who wrote an hour before `NOW`."""
    usual = {
        "contact": ANNAS_ID,
        "also": (ANNA,),
        "text": TEXT,
        "key": "socialai:4b1d",
        "last_contact_message_at": NOW - timedelta(hours=1),
        "by_person": False,
    }
    return Outgoing(**{**usual, **changes})


def sent(message_id: object = "wamid.sent-1") -> httpx.Response:
    answer = {"messaging_product": "whatsapp", "contacts": [{"input": ANNA, "wa_id": ANNA}]}
    return httpx.Response(
        200, json={**answer, "messages": [{"id": message_id, "message_status": "accepted"}]}
    )


def refusal(status: int, code: int, **more: Any) -> httpx.Response:
    """An error as the Cloud API writes it; its details quote what it was sent, as theirs sometimes do."""
    error = {
        "message": f"(#{code}) {TEXT}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": TEXT},
        "fbtrace_id": "A1",
    }
    return httpx.Response(status, json={"error": error}, headers=more.get("headers"))


def sign(body: bytes, secret: str = CONFIG.app_secret) -> Mapping[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


def _answer(status: int, code: int, **more: Any) -> Callable[[], httpx.Response]:
    return lambda: refusal(status, code, **more)


_BUSY = {
    "x-business-use-case-usage": '{"102290129340398":[{"type":"whatsapp","call_count":100,'
    '"estimated_time_to_regain_access":12}]}'
}

WHATSAPP = Sample(
    config=CONFIG,
    secrets=(CONFIG.access_token, CONFIG.app_secret, CONFIG.verify_token),
    sign=sign,
    id_keys=frozenset({"phone_number_id", "wa_id", "from", "to", "timestamp", "recipient_id", "code"}),
    accepts=sent,
    sent_id="wamid.sent-1",
    blocked=_answer(400, 131026),
    bad_request=_answer(400, 131009),
    dead_token=_answer(401, 190),
    limited=_answer(429, 80007, headers=_BUSY),
    limited_for=720,
    joined=frozenset({"title", "phone", "username"}),
    shared=EXPECTED,
)
