"""Deliveries as Facebook makes them: the raw bytes, signed."""

import hashlib
import hmac
import itertools
import json
from typing import Any

from tests import cast

PATH = "/webhooks/facebook/acme"
_MIDS = itertools.count(1)


def signature(body: bytes, secret: str = cast.SECRETS["app_secret"]) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes, secret: str = cast.SECRETS["app_secret"]) -> dict[str, str]:
    return {"content-type": "application/json", "x-hub-signature-256": signature(body, secret)}


def message(text: str = "hello", contact: str = "8001", page: str = cast.PAGES["acme"]) -> bytes:
    """Never the same bytes twice."""
    number = next(_MIDS)
    item: dict[str, Any] = {
        "sender": {"id": contact},
        "recipient": {"id": page},
        "timestamp": 1_795_000_000_000 + number,
        "message": {"mid": f"m_signed{number}", "text": text},
    }
    return json.dumps(
        {"object": "page", "entry": [{"id": page, "time": number, "messaging": [item]}]}
    ).encode()
