"""Tokens made by hand, and how one is refused."""

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from socialai.errors import NotSignedIn
from socialai.security.gate import Gate


def payload_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def forge(header: dict[str, Any], payload: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """By hand: PyJWT refuses to make what an attacker makes."""
    head = b".".join(base64url(json.dumps(part).encode()) for part in (header, payload))
    return b".".join((head, base64url(sign(head)))).decode()


def base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def refuse(gate: Gate, token: str) -> None:
    with pytest.raises(NotSignedIn, match="token"):
        gate.signer.verify(token)
