"""A backup that only who knows the passphrase, or has the key, can open; in the age format, by pyrage.

The file is a zip that anybody's tools open: `backup.age`, and with a passphrase `key.age`, the key to it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import pyrage
from pyrage.x25519 import Identity, Recipient

from socialai.errors import InvalidInput
from socialai.store import snapshots

SUFFIX = ".sealed.zip"
LEAST_PASSPHRASE = 10
_BODY, _KEY = "backup.age", "key.age"
_MOST_KEY = 4096


def check_passphrase(passphrase: str) -> str:
    if len(passphrase) < LEAST_PASSPHRASE:
        raise InvalidInput(f"A passphrase has at least {LEAST_PASSPHRASE} characters. A few words are good.")
    return passphrase


def seal(plain: Path, *, passphrase: str = "", recipient: str = "") -> Path:
    """Puts the sealed file in the place of `plain`. `recipient` is an age public key, `age1…`."""
    sealed = plain.with_name(plain.name.removesuffix(".zip") + SUFFIX)
    partial = sealed.with_name(f"{sealed.name}.partial")
    try:
        with (
            snapshots.plain(sealed),
            os.fdopen(_new(partial), "wb") as file,
            ZipFile(file, "w", ZIP_STORED) as outer,
        ):
            to = _recipient(outer, check_passphrase(passphrase)) if passphrase else _parsed(recipient)
            with plain.open("rb") as reader, outer.open(_BODY, "w", force_zip64=True) as writer:
                pyrage.encrypt_io(reader, writer, [to])
        partial.replace(sealed)
        plain.unlink()
    finally:
        partial.unlink(missing_ok=True)
    return sealed


def is_sealed(path: Path) -> bool:
    try:
        with ZipFile(path) as outer:
            return _BODY in outer.namelist()
    except (BadZipFile, OSError):
        return False


@contextmanager
def opened(path: Path, near: Path, *, passphrase: str = "", identity: str = "") -> Iterator[Path]:
    """The backup inside, in a file beside `near` that is gone afterwards; what is not sealed is itself.

    InvalidInput when passphrase or key are wrong, or the file was changed.
    """
    if not is_sealed(path):
        yield path
        return
    near.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix=".opening-", dir=near))
    try:
        plain = folder / path.name
        with snapshots.plain(plain), ZipFile(path) as outer:
            key = _identity(outer, passphrase, identity)
            with outer.open(_BODY) as reader, os.fdopen(_new(plain), "wb") as writer:
                _decrypt(reader, writer, key, path)
        yield plain
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _recipient(outer: ZipFile, passphrase: str) -> Any:
    """A key of this file alone, kept in it under the passphrase."""
    identity = Identity.generate()
    outer.writestr(_KEY, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
    return identity.to_public()


def _identity(outer: ZipFile, passphrase: str, identity: str) -> Any:
    if _KEY not in outer.namelist():
        if not identity:
            raise InvalidInput(
                "This backup is sealed for a key. Give the file with that key: --identity FILE."
            )
        return _parsed_identity(identity)
    if not passphrase:
        raise InvalidInput(
            "This backup is sealed with a passphrase. Give it when asked, or with --passphrase-stdin."
        )
    with outer.open(_KEY) as file:
        sealed = file.read(_MOST_KEY)
    try:
        return _parsed_identity(pyrage.passphrase.decrypt(sealed, passphrase).decode())
    except pyrage.DecryptError:
        raise InvalidInput("The passphrase is not the one this backup was sealed with.") from None


def _decrypt(reader: Any, writer: Any, key: Any, path: Path) -> None:
    try:
        pyrage.decrypt_io(reader, writer, [key])
    except (pyrage.DecryptError, BadZipFile, OSError) as error:
        raise InvalidInput(f"{path} cannot be opened with this key, or it was changed: {error}.") from None


def _parsed(recipient: str) -> Any:
    try:
        return Recipient.from_str(recipient.strip())
    except pyrage.RecipientError:
        raise InvalidInput("That is no age public key; one begins with age1.") from None


def _parsed_identity(text: str) -> Any:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    try:
        return Identity.from_str(lines[0].strip() if lines else "")
    except pyrage.IdentityError:
        raise InvalidInput("That file holds no age key; one begins with AGE-SECRET-KEY-1.") from None


def _new(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
