"""RSA keys for API tokens: made, sealed, opened, published."""

import base64
from datetime import datetime
from hashlib import sha256

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec import Struct

from socialai.store.signing_keys import SigningKey
from socialai.store.vault import Vault

_OWNER = "app"
_BITS = 2048


class Jwk(Struct, frozen=True):
    """RFC 7517 and 7518 §6.3: a public RSA key."""

    n: str
    e: str
    kid: str
    kty: str = "RSA"
    alg: str = "RS256"
    use: str = "sig"


def make_key(vault: Vault, now: datetime) -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    public = private.public_key()
    kid = _thumbprint(public)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SigningKey(kid, vault.seal(_OWNER, _name(kid), pem), public_pem.decode(), now)


def open_private(vault: Vault, key: SigningKey) -> rsa.RSAPrivateKey:
    pem = vault.open(_OWNER, _name(key.kid), key.sealed_private_pem)
    private = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(private, rsa.RSAPrivateKey)
    return private


def open_public(key: SigningKey) -> rsa.RSAPublicKey:
    public = serialization.load_pem_public_key(key.public_pem.encode())
    assert isinstance(public, rsa.RSAPublicKey)
    return public


def jwk(kid: str, public: rsa.RSAPublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    record: dict[str, str] = msgspec.to_builtins(Jwk(_number(numbers.n), _number(numbers.e), kid))
    return record


def _thumbprint(public: rsa.RSAPublicKey) -> str:
    """RFC 7638: the key names itself."""
    numbers = public.public_numbers()
    members = {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}
    return _base64url(sha256(msgspec.json.encode(members)).digest())


def _name(kid: str) -> str:
    return f"signing_key/{kid}"


def _number(value: int) -> str:
    return _base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
