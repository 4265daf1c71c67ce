"""Proofs of origin, ours and theirs. Nothing here compares secrets character by character."""

import hmac
import secrets
from collections.abc import Mapping
from typing import Protocol

from socialai.errors import SignatureError
from socialai.platforms.base import Rehearsal, WebhookRequest


def verify(request: WebhookRequest, *keys: str) -> None:
    """With one of the keys. Meta also sends a SHA-1 header for old apps; only SHA-256 is accepted."""
    claimed = request.headers.get("x-hub-signature-256", "")
    if not any(_equal(claimed, "sha256=" + _hmac(key, request.body)) for key in keys if key):
        raise SignatureError("The delivery is not signed with this channel's app secret.")


def handshake(query: Mapping[str, str], verify_token: str) -> str:
    challenge = query.get("hub.challenge", "")
    known = _equal(query.get("hub.verify_token", ""), verify_token)
    if not (known and challenge and query.get("hub.mode") == "subscribe"):
        raise SignatureError("The verify token is not the one of this channel.")
    return challenge


class Signs(Protocol):
    """The Config of a channel of Meta's."""

    @property
    def app_secret(self) -> str: ...
    @property
    def verify_token(self) -> str: ...


def rehearsal(body: bytes, config: Signs) -> Rehearsal:
    """As Meta would ask the address, and deliver to it."""
    challenge = secrets.token_hex(8)
    query = {"hub.mode": "subscribe", "hub.verify_token": config.verify_token, "hub.challenge": challenge}
    signed = {"x-hub-signature-256": f"sha256={_hmac(config.app_secret, body)}"}
    return Rehearsal(query, challenge, body, {"content-type": "application/json", **signed})


def proof(app_secret: str, token: str) -> str:
    """`appsecret_proof`: shows that who uses the token also knows the app's secret."""
    return _hmac(app_secret, token.encode())


def _hmac(secret: str, content: bytes) -> str:
    return hmac.digest(secret.encode(), content, "sha256").hex()


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
