"""Proofs of origin, ours and theirs: HMAC-SHA256 with the app's client secret, in hex.

LinkedIn signs the body with the word `hmacsha256=` before it, which is not in the header; or is, by what some
have seen. Source: shared contract sheet; MS Learn, webhook validation.
"""

import hmac
from collections.abc import Mapping

import msgspec

from socialai.errors import SignatureError
from socialai.platforms.base import Answer, Rehearsal, WebhookRequest

_WORD = "hmacsha256="
_HEADER = "x-li-signature"


def verify(request: WebhookRequest, client_secret: str) -> None:
    claimed = request.headers.get(_HEADER, "").removeprefix(_WORD)
    if not _equal(claimed, _sign(client_secret, request.body)):
        raise SignatureError("The delivery is not signed with this channel's client secret.")


def handshake(query: Mapping[str, str], client_secret: str) -> Answer:
    """LinkedIn asks at the beginning and every two hours; after three wrong answers it delivers no more."""
    code = query.get("challengeCode", "")
    if not code:
        raise SignatureError("LinkedIn's check of the address comes with a challengeCode, and there is none.")
    answer = {"challengeCode": code, "challengeResponse": _respond(client_secret, code)}
    return Answer(msgspec.json.encode(answer).decode(), media_type="application/json")


def rehearse(client_secret: str) -> Rehearsal:
    code = "00000000-0000-0000-0000-000000000000"
    body = b'{"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": []}'
    query = {"challengeCode": code}
    return Rehearsal(query, _respond(client_secret, code), body, {_HEADER: _sign(client_secret, body)})


def _respond(secret: str, code: str) -> str:
    return hmac.digest(secret.encode(), code.encode("utf-8", "replace"), "sha256").hex()


def _sign(secret: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), _WORD.encode() + body, "sha256").hex()


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
