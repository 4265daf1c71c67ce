"""Tokens for the API, and the keys to verify them with."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from socialai.routes.access import Asked, hub
from socialai.routes.sign_in import address, claims
from socialai.security.sign_in import sign_in_for_token


class Credentials(Struct, forbid_unknown_fields=True):
    email: Annotated[str, Meta(max_length=320)]
    password: Annotated[str, Meta(max_length=1000)]
    code: Annotated[str, Meta(max_length=100)] = ""


class AccessToken(Struct):
    """`expires_in` seconds."""

    access_token: str
    expires_in: int
    token_type: str = "bearer"


@post(
    "/api/v1/auth/token",
    status_code=200,
    sync_to_thread=True,
    security=[{}],
    tags=["auth"],
    response_headers={"cache-control": "no-store"},
)
def ask_token(request: Asked, data: JSONBody[Credentials]) -> AccessToken:
    """A token for the API, to be sent in the header `Authorization: Bearer …`.

    Who has a second factor sends a `code` of their app as well.
    """
    gate = hub(request).gate
    token = sign_in_for_token(gate, data.email, data.password, address(request), data.code)
    return AccessToken(token.text, token.claims.exp - token.claims.iat)


@post("/api/v1/auth/revoke", status_code=204, sync_to_thread=True, tags=["auth"])
def revoke_token(request: Asked) -> None:
    """Take back the token this request comes with."""
    hub(request).gate.signer.revoke(claims(request))


@get("/.well-known/jwks.json", sync_to_thread=False, security=[{}], tags=["auth"])
def jwks(request: Asked) -> dict[str, list[dict[str, str]]]:
    """The public keys that our tokens are verified with (RFC 7517)."""
    return hub(request).gate.signer.jwks()
