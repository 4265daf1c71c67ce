"""Instagram as the contract test and this folder's tests see it."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from socialai.platforms.base import Outgoing
from socialai.platforms.instagram import Instagram
from socialai.platforms.instagram.config import InstagramConfig
from tests.platforms.instagram.expected import EXPECTED
from tests.platforms.sample import Sample
from tests.platforms.wire import Wire

ACCOUNT, ANNA = "17841400008460056", "1254459154682919"
NOW = datetime(2025, 11, 22, 12, 0, tzinfo=UTC)
TEXT = "Yes, the Fjell jacket is in stock."
CONFIG = InstagramConfig(
    account_id=ACCOUNT,
    access_token="IGAA-token-of-acme",
    app_secret="app-secret-of-acme",
    verify_token="verify-token-of-acme",
    instagram_app_secret="instagram-secret-of-acme",
)
THROUGH_A_PAGE = InstagramConfig(
    account_id=ACCOUNT,
    access_token="EAAG-page-token-of-acme",
    app_secret="app-secret-of-acme",
    verify_token="verify-token-of-acme",
    facebook_login=True,
    app_id="412008153370021",
)


def adapter(wire: Wire, config: InstagramConfig = CONFIG) -> Instagram:
    return Instagram(config, wire.client())


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


def sent(message_id: object = "aWdfZAG1-1") -> httpx.Response:
    return httpx.Response(200, json={"recipient_id": ANNA, "message_id": message_id})


def refusal(status: int, code: int, subcode: int | None = None, **more: Any) -> httpx.Response:
    """An error as the Graph API writes it; its message quotes what it was sent, as theirs sometimes do."""
    error = {"message": f"(#{code}) {TEXT}", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    if subcode is not None:
        error["error_subcode"] = subcode
    return httpx.Response(status, json={"error": error}, headers=more.get("headers"))


def sign(body: bytes, secret: str = CONFIG.app_secret) -> Mapping[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


def _answer(status: int, code: int, subcode: int | None = None, **more: Any) -> Callable[[], httpx.Response]:
    return lambda: refusal(status, code, subcode, **more)


_BUSY = {
    "x-business-use-case-usage": '{"17841400008460056":[{"type":"instagram","call_count":100,'
    '"estimated_time_to_regain_access":12}]}'
}

INSTAGRAM = Sample(
    config=CONFIG,
    secrets=(CONFIG.access_token, CONFIG.app_secret, CONFIG.verify_token, CONFIG.instagram_app_secret),
    sign=sign,
    id_keys=frozenset({"id", "app_id", "timestamp", "parent_id", "self_ig_scoped_id"}),
    accepts=sent,
    sent_id="aWdfZAG1-1",
    blocked=_answer(400, 551, 1545041),
    bad_request=_answer(400, 100),
    dead_token=_answer(401, 190, 463),
    limited=_answer(400, 80002, headers=_BUSY),
    limited_for=720,
    renews=lambda: httpx.Response(200, json={"access_token": "IGAA-newer", "expires_in": 5_184_000}),
    lacks=frozenset({"own echo with our key"}),
    shared=EXPECTED,
)
