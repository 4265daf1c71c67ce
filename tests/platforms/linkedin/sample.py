"""LinkedIn as the contract test and this folder's tests see it."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from socialai.platforms.base import Outgoing
from socialai.platforms.linkedin import LinkedIn
from socialai.platforms.linkedin.config import LinkedInConfig
from tests.platforms.sample import Sample
from tests.platforms.wire import Wire

PAGE, ANNA = "urn:li:organization:96072893", "urn:li:person:zLqTygBP8S"
POST = "urn:li:activity:7094637247890620418"
ASKED = f"urn:li:comment:({POST},7094977717598625792)"
NOW = datetime(2026, 8, 9, 21, 30, tzinfo=UTC)
TEXT = "Yes, the Fjell jacket is in stock."
DATE = "Sun, 09 Aug 2026 21:30:00 GMT"
CONFIG = LinkedInConfig(
    organization_id="96072893",
    access_token="li-access-token-of-acme",
    client_secret="li-client-secret-of-acme",
    refresh_token="li-refresh-token-of-acme",
    client_id="acme-client",
    app_id="4711",
    member_id="aBcD-12_3",
)


def adapter(wire: Wire, config: LinkedInConfig = CONFIG) -> LinkedIn:
    return LinkedIn(config, wire.client())


def outgoing(**changes: Any) -> Outgoing:
    """An answer to Anna, who commented an hour before `NOW`."""
    usual = {
        "contact": ANNA,
        "text": TEXT,
        "key": "socialai:4b1d",
        "last_contact_message_at": NOW - timedelta(hours=1),
        "by_person": False,
        "thread": POST,
        "answers": ASKED,
    }
    return Outgoing(**{**usual, **changes})


def made(number: object = "7095000000000000123", **body: Any) -> httpx.Response:
    return httpx.Response(201, json=body, headers={"x-restli-id": str(number)})


def refusal(
    status: int,
    code: str | None = None,
    message: str = TEXT,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Its message quotes what it was sent, as theirs sometimes do."""
    body = {"status": status, "serviceErrorCode": 100, "message": message}
    return httpx.Response(status, json={**body, **({"code": code} if code else {})}, headers=headers)


def sign(body: bytes, secret: str = CONFIG.client_secret) -> dict[str, str]:
    return {"x-li-signature": hmac.digest(secret.encode(), b"hmacsha256=" + body, "sha256").hex()}


LINKEDIN = Sample(
    config=CONFIG,
    secrets=(CONFIG.access_token, CONFIG.client_secret, CONFIG.refresh_token),
    sign=sign,
    id_keys=frozenset({"notificationId", "lastModifiedAt"}),
    accepts=made,
    sent_id="urn:li:comment:(post,7095000000000000123)",
    blocked=lambda: refusal(403, "ACCESS_DENIED"),
    bad_request=lambda: refusal(400, "INVALID_PARAM"),
    dead_token=lambda: refusal(401, "INVALID_ACCESS_TOKEN"),
    limited=lambda: refusal(429, "TOO_MANY_REQUESTS", "Comment create throttled"),
    limited_for=60,
    renews=lambda: httpx.Response(
        200, json={"access_token": "new", "refresh_token": "newer", "expires_in": 5184000}
    ),
    lacks=frozenset({"own echo with our key", "receipt"}),
)
