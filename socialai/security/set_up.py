"""The one-time link of the first run: who can read the machine's screen or files may become the owner.

It ends with the set-up, after an hour, or with the next one. Only its SHA-256 is kept, in this hub's folder.
"""

import hmac
import os
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from socialai.errors import NotAllowed

MAX_AGE = timedelta(hours=1)
_FILE = "setup.token"
_ANOTHER = "Start the program once more: it prints and opens a new link."


class _Kept(Struct, frozen=True):
    hash: str
    expires_at: datetime


def new_token(data_dir: Path, now: datetime) -> str:
    """The only time it is seen; the one before it no longer holds."""
    token = secrets.token_urlsafe(18)
    beside = data_dir / f"{_FILE}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(msgspec.json.encode(_Kept(_hash(token), now + MAX_AGE)))
    beside.replace(data_dir / _FILE)
    return token


def is_waited_for(data_dir: Path) -> bool:
    """Whether a hub on this folder has printed a link and nobody has used it."""
    return (data_dir / _FILE).exists()


def check_token(data_dir: Path, given: str, now: datetime) -> None:
    """NotAllowed unless `given` is the token, in time."""
    try:
        kept = msgspec.json.decode((data_dir / _FILE).read_bytes(), type=_Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        raise NotAllowed(f"This link was never given, or was used. {_ANOTHER}") from None
    if not hmac.compare_digest(kept.hash, _hash(given.strip())):
        raise NotAllowed(f"The set-up token is wrong. It is in the link that was printed last. {_ANOTHER}")
    if now >= kept.expires_at:
        raise NotAllowed(f"This link is older than an hour and holds no longer. {_ANOTHER}")


def drop_token(data_dir: Path) -> None:
    (data_dir / _FILE).unlink(missing_ok=True)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
