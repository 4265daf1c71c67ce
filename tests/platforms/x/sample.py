"""X as the contract test and this folder's tests see it."""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from socialai.platforms.base import Outgoing
from socialai.platforms.x import X
from socialai.platforms.x.config import XConfig
from tests.platforms.sample import Sample
from tests.platforms.wire import Wire
from tests.platforms.x.expected import EXPECTED

SHOP, ADA, POST = "1533774021", "2244994945", "2080765813578191303"
NOW = datetime(2026, 7, 24, 21, 30, tzinfo=UTC)
TEXT = "Yes, the Fjell jacket is in stock."
DATE = "Fri, 24 Jul 2026 21:30:00 GMT"
CONFIG = XConfig(
    user_id=SHOP,
    access_token="x-access-token-of-acme",
    client_secret="x-client-secret-of-acme",
    refresh_token="x-refresh-token-of-acme",
    consumer_secret="x-api-key-secret-of-acme",
    bearer_token="x-bearer-token-of-acme",
    client_id="acme-client",
)


def adapter(wire: Wire, config: XConfig = CONFIG) -> X:
    return X(config, wire.client())


def outgoing(**changes: Any) -> Outgoing:
    """An answer to Ada, who wrote an hour before `NOW`."""
    usual = {
        "contact": ADA,
        "text": TEXT,
        "key": "socialai:4b1d",
        "last_contact_message_at": NOW - timedelta(hours=1),
        "by_person": False,
    }
    return Outgoing(**{**usual, **changes})


def in_public(**changes: Any) -> Outgoing:
    return outgoing(**{"thread": POST, "answers": POST, **changes})


def sent(number: object = "2080763914820927863") -> httpx.Response:
    return httpx.Response(201, json={"data": {"dm_conversation_id": f"{SHOP}-{ADA}", "dm_event_id": number}})


def problem(status: int, kind: str = "", headers: Mapping[str, str] | None = None) -> httpx.Response:
    """As X writes it now; its detail quotes what it was sent, as theirs sometimes do."""
    address = f"https://api.twitter.com/2/problems/{kind}" if kind else "about:blank"
    body = {"title": "No", "detail": f"You said: {TEXT}", "type": address, "status": status}
    return httpx.Response(status, json=body, headers=headers)


def older(status: int, code: int, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """As the first version of the API wrote it."""
    return httpx.Response(status, json={"errors": [{"code": code, "message": TEXT}]}, headers=headers)


def limit(seconds: int = 720, window: str = "x-rate-limit") -> dict[str, str]:
    reset = str(round(NOW.timestamp()) + seconds)
    return {"date": DATE, f"{window}-remaining": "0", f"{window}-reset": reset}


def sign(body: bytes, secret: str = CONFIG.client_secret, header: str = "-oauth2") -> dict[str, str]:
    digest = hmac.digest(secret.encode(), body, "sha256")
    return {f"x-twitter-webhooks-signature{header}": f"sha256={b64encode(digest).decode()}"}


def _problem(status: int, kind: str = "") -> Callable[[], httpx.Response]:
    return lambda: problem(status, kind)


X_SAMPLE = Sample(
    config=CONFIG,
    secrets=(
        CONFIG.access_token,
        CONFIG.client_secret,
        CONFIG.refresh_token,
        CONFIG.consumer_secret,
        CONFIG.bearer_token,
    ),
    sign=sign,
    id_keys=frozenset(
        {"id", "user_id", "author_id", "sender_id", "recipient_id", "conversation_id", "for_user_id"}
        | {"created_timestamp", "timestamp_ms", "last_read_event_id", "in_reply_to_user_id"}
    ),
    accepts=sent,
    sent_id="2080763914820927863",
    blocked=_problem(403),
    bad_request=_problem(400, "invalid-request"),
    dead_token=_problem(401),
    limited=lambda: older(429, 88, limit()),
    limited_for=720,
    renews=lambda: httpx.Response(200, json={"access_token": "new", "refresh_token": "newer"}),
    lacks=frozenset({"own echo with our key"}),
    shared=EXPECTED,
    worded=frozenset({"type", "kind", "reason", "closed", "text", "at"}),
)
