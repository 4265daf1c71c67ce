"""Proofs of origin, ours and theirs: HMAC-SHA256 over the raw body or the token, in base64.

An app's deliveries are signed with the OAuth 2.0 client secret, older apps' with the API key secret, and
for a while with both. Source: docs.x.com, V2 Webhooks API; shared contract sheet.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping

import msgspec

from socialai.errors import SignatureError
from socialai.platforms.base import Answer, Rehearsal, WebhookRequest

_HEADER = "x-twitter-webhooks-signature"
_NEWER = f"{_HEADER}-oauth2"


def verify(request: WebhookRequest, client_secret: str, consumer_secret: str) -> None:
    """Every signature that comes must be right, and one must come."""
    signed = [
        _equal(request.headers[header], _sign(secret, request.body))
        for header, secret in ((_NEWER, client_secret), (_HEADER, consumer_secret))
        if secret and header in request.headers
    ]
    if not signed or not all(signed):
        raise SignatureError("The delivery is not signed with a secret of this channel's X app.")


def handshake(query: Mapping[str, str], client_secret: str, consumer_secret: str) -> Answer:
    """X asks at the beginning and again and again whether we know the secret."""
    token = query.get("crc_token", "")
    if not token:
        raise SignatureError("X's check of the address comes with a crc_token, and there is none.")
    answer = {"response_token": _sign(consumer_secret or client_secret, token.encode("utf-8", "replace"))}
    return Answer(msgspec.json.encode(answer).decode(), media_type="application/json")


def rehearse(account: str, client_secret: str, consumer_secret: str) -> Rehearsal:
    """As an app does that signs with the client secret, or with the older one where the owner entered it."""
    query = {"crc_token": "rehearsal"}
    answer = _sign(consumer_secret or client_secret, b"rehearsal")
    body = msgspec.json.encode({"for_user_id": account})
    header, secret = (_HEADER, consumer_secret) if consumer_secret else (_NEWER, client_secret)
    return Rehearsal(query, answer, body, {header: _sign(secret, body)})


def _sign(secret: str, content: bytes) -> str:
    digest = hmac.digest(secret.encode(), content, "sha256")
    return f"sha256={b64encode(digest).decode()}"


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
