"""Read a backup that may be anybody's: nothing of it is believed before it is checked."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from socialai.domain.backup import APP, FORMAT, MANIFEST, BackupFile, Manifest, is_expected, tenant_file
from socialai.errors import InvalidInput, NewerDatabase, NotFound, TooLarge

_PIECE = 1024 * 1024
_ENCRYPTED = 1
_MAX_MANIFEST = 64 * 1024 * 1024


class Source(Protocol):
    def names(self) -> list[str]: ...

    def open(self, name: str) -> IO[bytes]: ...


class _Zip:
    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def names(self) -> list[str]:
        for entry in self._archive.infolist():
            if not _is_plain(entry):
                raise InvalidInput(f"This backup holds '{entry.filename!r}', which is no plain file.")
        return self._archive.namelist()

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        found = sorted(self._folder.rglob("*"))
        for path in found:
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise InvalidInput(f"{path} is a link or a device, which a backup does not hold.")
        return [path.relative_to(self._folder).as_posix() for path in found if path.is_file()]

    def open(self, name: str) -> IO[bytes]:
        return (self._folder / name).open("rb")


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """A backup's file, or the folder someone unpacked it to."""
    if path.is_dir():
        yield _Folder(path)
        return
    if not path.exists():
        raise NotFound(f"There is no {path}.")
    with ZipFile(path) as archive:
        yield _Zip(archive)


def read_manifest(source: Source) -> Manifest:
    """The manifest, once it and the names of the files agree."""
    names = source.names()
    if MANIFEST not in names:
        raise InvalidInput(f"There is no {MANIFEST} in it, so this is no backup of a SocialAI Hub.")
    with source.open(MANIFEST) as file:
        raw = file.read(_MAX_MANIFEST + 1)
    if len(raw) > _MAX_MANIFEST:
        raise TooLarge(f"The {MANIFEST} of this backup is too large to be one.")
    manifest = _decoded(raw)
    _check_names(manifest, names)
    return manifest


def unpack(source: Source, name: str, told: BackupFile, target: Path, advance: Callable[[int], None]) -> None:
    """Write one file, no longer than the manifest says, and compare its checksum."""
    digest, count = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open(name) as packed, target.open("xb") as file:
        target.chmod(0o600)
        while piece := packed.read(min(_PIECE, told.bytes - count + 1)):
            count += len(piece)
            if count > told.bytes:
                raise InvalidInput(f"{name} is longer than the backup says; it was changed.")
            file.write(piece)
            digest.update(piece)
            advance(len(piece))
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != told.sha256:
        raise InvalidInput(f"{name} is not what was backed up (its checksum differs). Use another backup.")


def _decoded(raw: bytes) -> Manifest:
    try:
        made = msgspec.json.decode(raw, type=_Made)
        if made.format > FORMAT:
            raise NewerDatabase(
                f"This backup was made by a newer SocialAI Hub ({made.program}). "
                "Install that version or later."
            )
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise InvalidInput(f"The {MANIFEST} of this backup is damaged: {error}.") from None


class _Made(msgspec.Struct):
    format: int
    program: str


def _check_names(manifest: Manifest, names: list[str]) -> None:
    if sorted(names) != sorted([*manifest.files, MANIFEST]):
        odd = sorted(set(names) ^ {*manifest.files, MANIFEST}) or ["the same file twice"]
        raise InvalidInput(f"The files of this backup are not those of its manifest: {odd[0]!r}.")
    for name in manifest.files:
        if not is_expected(name):
            raise InvalidInput(f"A backup holds no file {name!r}; this one was changed.")
    for name in (APP, *map(tenant_file, manifest.tenants)):
        if name not in manifest.files:
            raise InvalidInput(f"{name} is missing in this backup.")


def _is_plain(entry: ZipInfo) -> bool:
    """Not a link, a folder, or packed in a way of which we do not make use."""
    regular = stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG) and not entry.is_dir()
    return regular and entry.compress_type in (ZIP_STORED, ZIP_DEFLATED) and not entry.flag_bits & _ENCRYPTED
