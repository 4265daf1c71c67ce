"""Facebook as the contract test and this folder's tests see it."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from socialai.platforms.base import Outgoing
from socialai.platforms.facebook import Facebook
from socialai.platforms.facebook.config import FacebookConfig
from tests.platforms.facebook.expected import EXPECTED
from tests.platforms.sample import Sample
from tests.platforms.wire import Wire

PAGE, ANNA = "204417733900115", "7310044290018823"
NOW = datetime(2025, 11, 22, 12, 0, tzinfo=UTC)
TEXT = "Yes, the Fjell jacket is in stock."
CONFIG = FacebookConfig(
    page_id=PAGE,
    page_token="EAAG-page-token-of-acme",
    app_secret="app-secret-of-acme",
    verify_token="verify-token-of-acme",
)


def adapter(wire: Wire, config: FacebookConfig = CONFIG) -> Facebook:
    return Facebook(config, wire.client())


def outgoing(**changes: Any) -> Outgoing:
    """An answer to Anna, who wrote an hour before `NOW`."""
    usual = {
        "contact": ANNA,
        "text": TEXT,
        "key": "socialai:4b1d",
        "last_contact_message_at": NOW - timedelta(hours=1),
        "by_person": False,
    }
    return Outgoing(**{**usual, **changes})


def sent(message_id: object = "m_page-1") -> httpx.Response:
    return httpx.Response(200, json={"recipient_id": ANNA, "message_id": message_id})


def refusal(
    status: int,
    code: int,
    subcode: int | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> httpx.Response:
    """An error as the Graph API writes it; its message quotes what it was sent, as theirs sometimes do."""
    error = {
        "message": f"(#{code}) {TEXT}",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "A1",
        **more,
    }
    if subcode is not None:
        error["error_subcode"] = subcode
    return httpx.Response(status, json={"error": error}, headers=headers)


def usage(minutes: object) -> dict[str, str]:
    case = {"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": minutes}
    return {"x-business-use-case-usage": json.dumps({PAGE: [{"type": "pages", "call_count": 3}, case]})}


def sign(body: bytes, secret: str = CONFIG.app_secret) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


def _answer(status: int, code: int, **more: Any) -> Callable[[], httpx.Response]:
    return lambda: refusal(status, code, **more)


FACEBOOK = Sample(
    config=CONFIG,
    secrets=(CONFIG.page_token, CONFIG.app_secret, CONFIG.verify_token),
    sign=sign,
    id_keys=frozenset({"id", "app_id", "sender_id", "sticker_id", "timestamp", "watermark"}),
    accepts=sent,
    sent_id="m_page-1",
    blocked=_answer(400, 551, subcode=1545041),
    bad_request=_answer(400, 100),
    dead_token=_answer(401, 190, subcode=463),
    limited=_answer(400, 80006, headers=usage(12)),
    limited_for=720,
    shared=EXPECTED,
)
