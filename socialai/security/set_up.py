"""The one-time token of the first-run page: who can read the machine's files may become the owner."""

import hmac
import os
import secrets
from pathlib import Path

from socialai.errors import NotAllowed

_FILE = "setup.token"


def ensure_token(data_dir: Path) -> str:
    """The token to print at start while there is no owner; kept until the set-up is done."""
    try:
        handle = os.open(data_dir / _FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return (data_dir / _FILE).read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token := secrets.token_urlsafe(18))
    return token


def check_token(data_dir: Path, given: str) -> None:
    """NotAllowed unless `given` is the token."""
    try:
        kept = (data_dir / _FILE).read_bytes()
    except FileNotFoundError:
        raise NotAllowed("There is no set-up token. Stop and start the hub; it prints a new one.") from None
    if not kept or not hmac.compare_digest(kept, given.strip().encode("utf-8", "surrogatepass")):
        raise NotAllowed("The set-up token is wrong. The hub printed it when it started.")


def drop_token(data_dir: Path) -> None:
    (data_dir / _FILE).unlink(missing_ok=True)
