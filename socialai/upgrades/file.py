"""An upgrade as one file: three lines of text as a bundle of models has, then the new executable.

    socialai-upgrade 1
    {"key": "<public key>", "signature": "<Ed25519 of the first and the next line, hexadecimal>"}
    {"version": …, "system": …, "sha256": …}

Nothing is read but the first bytes before the signature is of somebody who is trusted with programs.
"""

import hashlib
import os
import platform
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from socialai.errors import UpgradeRefused
from socialai.inference.bundles import keys
from socialai.store import migrate

FORMAT = 1
_MAGIC = b"socialai-upgrade 1\n"
_LONGEST_LINE = 64 * 1024
_PIECE = 1024 * 1024


class Upgrade(Struct, frozen=True, kw_only=True):
    """`app` and `tenant` are the migrations it knows; `bytes` and `sha256` are of the executable."""

    version: str
    system: str
    machine: str
    sha256: str
    bytes: int
    app: tuple[str, ...]
    tenant: tuple[str, ...]
    format: int = FORMAT


class Head(Struct, frozen=True):
    """`start` is where the executable begins; `signed_by` the name of the key."""

    upgrade: Upgrade
    signed_by: str
    start: int


class _Signature(Struct, frozen=True):
    key: str
    signature: str


def write(path: Path, executable: Path, version: str, key: Ed25519PrivateKey) -> Upgrade:
    """Of an executable made from this very code, for machines like this one."""
    content = executable.read_bytes()
    upgrade = Upgrade(
        version=version,
        system=sys.platform,
        machine=platform.machine(),
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        app=migrate.names("app"),
        tenant=migrate.names("tenant"),
    )
    said = msgspec.json.encode(upgrade)
    signed = _Signature(keys.public_of(key), key.sign(_MAGIC + said).hex())
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(_MAGIC + msgspec.json.encode(signed) + b"\n" + said + b"\n" + content)
    beside.replace(path)
    return upgrade


def read_head(path: Path, data_dir: Path) -> Head:
    """Raises UpgradeRefused unless somebody trusted with programs signed it, whole and for this machine."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise UpgradeRefused(f"{path.name} is no upgrade of SocialAI Hub.")
            signature, said = _line(file, path), _line(file, path)
            start, size = file.tell(), os.fstat(file.fileno()).st_size
    except OSError as error:
        raise UpgradeRefused(f"{path} cannot be read: {error.strerror}.") from None
    signed_by = _signed_by(path, data_dir, signature, said)
    upgrade = _decoded(path, said)
    if size != start + upgrade.bytes:
        raise UpgradeRefused(
            f"{path.name} has {size - start:,} bytes of a program where {upgrade.bytes:,} are said: it is "
            "cut off or damaged. Fetch it again."
        )
    return Head(upgrade, signed_by, start)


def extract(path: Path, head: Head, target: Path) -> None:
    """The executable, whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    digest = hashlib.sha256()
    with path.open("rb") as source, part.open("wb") as file:
        source.seek(head.start)
        while piece := source.read(_PIECE):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != head.upgrade.sha256:
        part.unlink()
        raise UpgradeRefused(f"{path.name} is damaged: the program is not what was signed. Fetch it again.")
    part.chmod(0o755)
    part.replace(target)


def _signed_by(path: Path, data_dir: Path, line: bytes, said: bytes) -> str:
    try:
        signed = msgspec.json.decode(line, type=_Signature)
        signature = bytes.fromhex(signed.signature)
    except (msgspec.DecodeError, ValueError):
        raise UpgradeRefused(f"{path.name} has no signature that can be read.") from None
    key = keys.signer(data_dir, signed.key, signature, _MAGIC + said)
    if key is None or not key.signs_programs:
        raise UpgradeRefused(
            f"{path.name} is not signed by a key that is trusted with programs here (it names "
            f"{signed.key[:16]}…). If you know whose it is: socialai models trust NAME KEY --programs"
        )
    return key.name


def _decoded(path: Path, said: bytes) -> Upgrade:
    try:
        upgrade = msgspec.json.decode(said, type=Upgrade)
    except msgspec.DecodeError as error:
        raise UpgradeRefused(f"What {path.name} says of itself cannot be used: {error}.") from None
    if upgrade.format != FORMAT:
        raise UpgradeRefused(
            f"{path.name} is of a form that this program does not know. Fetch a step between."
        )
    if (upgrade.system, upgrade.machine) != (sys.platform, platform.machine()):
        raise UpgradeRefused(
            f"{path.name} is for {upgrade.system} on {upgrade.machine}; this machine is {sys.platform} on "
            f"{platform.machine()}. Fetch the one for it."
        )
    return upgrade


def _line(file: BinaryIO, path: Path) -> bytes:
    line = file.readline(_LONGEST_LINE + 1)
    if not line.endswith(b"\n"):
        raise UpgradeRefused(f"{path.name} is cut off or damaged. Fetch it again.")
    return line[:-1]
