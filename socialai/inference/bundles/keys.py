"""Whose bundles are taken: the project's keys travel with the program, an owner may add others.

Who holds such a key can bring models that read every message. Keys are Ed25519; a public one is written as 64
hexadecimal digits.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.resources import resource

_HEX = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
_OWN = "own.key"
_PROGRAMS = "programs"
"""The second line of a key's file, where it may sign more than models."""


class Key(Struct, frozen=True):
    """`is_ours`: it came with the program and stays. `signs_programs`: upgrades it signs are taken."""

    name: str
    public: str
    is_ours: bool = False
    signs_programs: bool = False


def trusted(data_dir: Path) -> list[Key]:
    return [*listed(resource("models", "keys.toml")), *_added(data_dir)]


def signer(data_dir: Path, public: str, signature: bytes, message: bytes) -> Key | None:
    """The trusted key that made the signature; None when none did."""
    key = next((key for key in trusted(data_dir) if key.public == public), None)
    if key is None:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return None
    return key


def add(data_dir: Path, name: str, public: str, *, signs_programs: bool = False) -> Key:
    """Conflict when the name or the key is known."""
    public = public.strip().lower()
    if not _HEX.fullmatch(public):
        raise InvalidInput("A public key is 64 hexadecimal digits. Ask whoever signs for theirs.")
    if not _NAME.fullmatch(name):
        raise InvalidInput("Name the key by who holds it: letters, digits, spaces and . _ - only.")
    for known in trusted(data_dir):
        if known.public == public:
            raise Conflict(f"This key is trusted already, as {known.name}.")
        if known.name == name:
            raise Conflict(f"Another key is called {name} already. Choose another name.")
    folder = _folder(data_dir)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / f"{public}.pub", f"{name}\n{_PROGRAMS if signs_programs else ''}\n", 0o600)
    return Key(name, public, signs_programs=signs_programs)


def remove(data_dir: Path, name: str) -> Key:
    """What it signed stays as it is; nothing more of it is taken."""
    for key in _added(data_dir):
        if name in (key.name, key.public):
            (_folder(data_dir) / f"{key.public}.pub").unlink(missing_ok=True)
            return key
    raise NotFound(f"No key that was added here is called {name}. See: socialai models keys")


def own(data_dir: Path) -> Ed25519PrivateKey:
    """This hub's own key, made and trusted when it is first needed."""
    path = _folder(data_dir) / _OWN
    if path.exists():
        return read_private(path)
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, key.private_bytes_raw().hex() + "\n", 0o600)
    add(data_dir, "this hub", public_of(key))
    return key


def read_private(path: Path) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path} holds no private key: 64 hexadecimal digits are expected.") from error


def new_private(path: Path) -> Ed25519PrivateKey:
    """In a file only its owner can read; one that is there is never written over."""
    key = Ed25519PrivateKey.generate()
    try:
        _write(path, key.private_bytes_raw().hex() + "\n", 0o600)
    except OSError as error:
        raise InvalidInput(f"The key cannot be written to {path}: {error.strerror}.") from error
    return key


def public_of(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def listed(path: Path) -> list[Key]:
    """Those that travel with the program."""
    said = tomllib.loads(path.read_text("utf-8"))
    return [Key(key["name"], key["public"], is_ours=True, signs_programs=True) for key in said.get("key", [])]


def _added(data_dir: Path) -> Iterator[Key]:
    for path in sorted(_folder(data_dir).glob("*.pub")):
        if _HEX.fullmatch(path.stem):
            name, _, programs = path.read_text("utf-8").strip().partition("\n")
            yield Key(name or path.stem[:8], path.stem, signs_programs=programs == _PROGRAMS)


def _folder(data_dir: Path) -> Path:
    return data_dir / "models" / "keys"


def _write(path: Path, text: str, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
