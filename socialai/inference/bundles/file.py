"""A bundle as one file: three lines of text, then the files one behind the other, as long as they are said.

    socialai-bundle 1
    {"key": "<public key>", "signature": "<Ed25519 of the next line, hexadecimal>"}
    {"kind": …, "files": {…}}

Nothing is read but the first bytes before the signature is known to be of somebody who is trusted.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from socialai.domain.bundle import FORMAT, Bundle, BundleFile, unsafe_path
from socialai.errors import BundleRefused
from socialai.inference.bundles import keys

Advance = Callable[[float], None]
"""Bytes that were done."""

_MAGIC = b"socialai-bundle 1\n"
_LONGEST_SIGNATURE, _LONGEST_MANIFEST = 512, 4 * 1024 * 1024
_PIECE = 1024 * 1024


class Head(Struct, frozen=True):
    """`start` is where the first file begins; `signed_by` the name of the key."""

    bundle: Bundle
    signed_by: str
    start: int


class _Signature(Struct, frozen=True):
    key: str
    signature: str


def write(path: Path, bundle: Bundle, folder: Path, key: Ed25519PrivateKey, advance: Advance) -> None:
    """From the files in `folder`; beside it first, so that a file that is there is a whole one."""
    manifest = msgspec.json.encode(bundle)
    signed = _Signature(keys.public_of(key), key.sign(_message(manifest)).hex())
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        file.write(_MAGIC + msgspec.json.encode(signed) + b"\n" + manifest + b"\n")
        for name in bundle.files:
            with (folder / name).open("rb") as content:
                for piece in _pieces(content):
                    file.write(piece)
                    advance(len(piece))
    beside.replace(path)


def read_head(path: Path, data_dir: Path) -> Head:
    """Raises BundleRefused unless it is signed by a trusted key and as long as it says."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise BundleRefused(f"{path.name} is no bundle of models.")
            signature = _line(file, _LONGEST_SIGNATURE, path)
            manifest = _line(file, _LONGEST_MANIFEST, path)
            start = file.tell()
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise BundleRefused(f"{path} cannot be read: {error.strerror}.") from None
    signed_by = _signed_by(path, data_dir, signature, manifest)
    bundle = _decoded(path, manifest)
    if size != start + bundle.bytes:
        raise BundleRefused(
            f"{path.name} has {size - start:,} bytes of files where {bundle.bytes:,} are said: it is cut off "
            "or damaged. Fetch it again."
        )
    return Head(bundle, signed_by, start)


def extract(path: Path, head: Head, folder: Path, advance: Advance) -> None:
    """Each file with its checksum. What an earlier try left whole is not written again."""
    with path.open("rb") as source:
        source.seek(head.start)
        for name, said in head.bundle.files.items():
            place = folder / name
            if _is_whole(place, said):
                source.seek(said.bytes, os.SEEK_CUR)
                advance(said.bytes)
            else:
                _extract_one(source, place, said, path.name, advance)


def check(path: Path, head: Head) -> None:
    """Each file has its checksum. Raises BundleRefused."""
    with path.open("rb") as source:
        source.seek(head.start)
        for name, said in head.bundle.files.items():
            digest = hashlib.sha256()
            for piece in _pieces(source, said.bytes):
                digest.update(piece)
            _refuse_other(digest.hexdigest(), said, name, path.name)


def _refuse_other(found: str, said: BundleFile, name: str, called: str) -> None:
    if found != said.sha256:
        raise BundleRefused(f"{called} is damaged: {name} is not what was signed. Fetch it again.")


def _extract_one(source: BinaryIO, place: Path, said: BundleFile, called: str, advance: Advance) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    digest = hashlib.sha256()
    with part.open("wb") as file:
        for piece in _pieces(source, said.bytes):
            digest.update(piece)
            file.write(piece)
            advance(len(piece))
        file.flush()
        os.fsync(file.fileno())
    try:
        _refuse_other(digest.hexdigest(), said, place.name, called)
    except BundleRefused:
        part.unlink()
        raise
    part.replace(place)


def described(path: Path) -> BundleFile:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        for piece in _pieces(file):
            digest.update(piece)
            size += len(piece)
    return BundleFile(digest.hexdigest(), size)


def _is_whole(path: Path, said: BundleFile) -> bool:
    return path.is_file() and path.stat().st_size == said.bytes and described(path) == said


def _signed_by(path: Path, data_dir: Path, line: bytes, manifest: bytes) -> str:
    try:
        said = msgspec.json.decode(line, type=_Signature)
        signature = bytes.fromhex(said.signature)
    except (msgspec.DecodeError, ValueError):
        raise BundleRefused(f"{path.name} has no signature that can be read.") from None
    key = keys.signer(data_dir, said.key, signature, _message(manifest))
    if key is None:
        raise BundleRefused(
            f"{path.name} is not signed by a key that is trusted here (it names {said.key[:16]}…). If you "
            "know whose it is, add it: socialai models trust"
        )
    return key.name


def _decoded(path: Path, manifest: bytes) -> Bundle:
    try:
        bundle = msgspec.json.decode(manifest, type=Bundle)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BundleRefused(f"What {path.name} says of itself cannot be used: {error}.") from None
    if bundle.format != FORMAT:
        raise BundleRefused(f"{path.name} is of a form that this program does not know. Upgrade the hub.")
    if (unsafe := unsafe_path(list(bundle.files))) is not None:
        raise BundleRefused(f'{path.name} has a file called "{unsafe[:80]}", which is no name for one.')
    return bundle


def _line(file: BinaryIO, longest: int, path: Path) -> bytes:
    line = file.readline(longest + 1)
    if not line.endswith(b"\n"):
        raise BundleRefused(f"{path.name} is cut off or damaged. Fetch it again.")
    return line[:-1]


def _message(manifest: bytes) -> bytes:
    """What is signed: a signature for something else of ours is none for a bundle."""
    return _MAGIC + manifest


def _pieces(file: BinaryIO, length: int | None = None) -> Iterator[bytes]:
    left = length
    while left is None or left > 0:
        piece = file.read(_PIECE if left is None else min(_PIECE, left))
        if not piece:
            return
        if left is not None:
            left -= len(piece)
        yield piece
