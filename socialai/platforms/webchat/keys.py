"""What a visitor is known again by: a word nobody can guess, signed for one chat of one business.

The signature lets a forged or foreign one be refused before any file is opened; the hub keeps its hash only.
"""

import hmac
import secrets
from hashlib import sha256


def make(signing_key: str, tenant_id: str, site: str) -> str:
    word = secrets.token_urlsafe(32)
    return f"{word}.{_signature(signing_key, tenant_id, site, word)}"


def is_genuine(key: str, signing_key: str, tenant_id: str, site: str) -> bool:
    word, _, signature = key.rpartition(".")
    return hmac.compare_digest(signature.encode(), _signature(signing_key, tenant_id, site, word).encode())


def digest(key: str) -> bytes:
    return sha256(key.encode()).digest()


def network(signing_key: str, address: str) -> bytes:
    """Whether two visitors come from one place, without keeping from where."""
    return hmac.digest(signing_key.encode(), b"address " + address.encode(), "sha256")


def _signature(signing_key: str, tenant_id: str, site: str, word: str) -> str:
    said = f"visitor\n{tenant_id}\n{site}\n{word}"
    return hmac.digest(signing_key.encode(), said.encode(), "sha256").hex()
