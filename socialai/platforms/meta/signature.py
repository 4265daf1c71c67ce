"""Proofs of origin, ours and theirs. Nothing here compares secrets character by character."""

import hmac
from collections.abc import Mapping

from socialai.errors import SignatureError
from socialai.platforms.base import WebhookRequest


def verify(request: WebhookRequest, app_secret: str) -> None:
    """Meta also sends a SHA-1 header for old apps; only SHA-256 is accepted."""
    claimed = request.headers.get("x-hub-signature-256", "")
    expected = "sha256=" + _hmac(app_secret, request.body)
    if not _equal(claimed, expected):
        raise SignatureError("The delivery is not signed with this channel's app secret.")


def handshake(query: Mapping[str, str], verify_token: str) -> str:
    challenge = query.get("hub.challenge", "")
    known = _equal(query.get("hub.verify_token", ""), verify_token)
    if not (known and challenge and query.get("hub.mode") == "subscribe"):
        raise SignatureError("The verify token is not the one of this channel.")
    return challenge


def proof(app_secret: str, token: str) -> str:
    """`appsecret_proof`: shows that who uses the token also knows the app's secret."""
    return _hmac(app_secret, token.encode())


def _hmac(secret: str, content: bytes) -> str:
    return hmac.digest(secret.encode(), content, "sha256").hex()


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
