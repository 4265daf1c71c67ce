"""The bundles on this machine: each in a folder of its own, and of each kind the ones that were activated.

`models/<kind>.list` names them, the one that serves first; what was active before comes after it.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock
from msgspec import Struct

from socialai.domain.bundle import KINDS, Bundle, Kind
from socialai.errors import BundleRefused, Conflict, InvalidInput, NotFound
from socialai.inference.bundles import check
from socialai.inference.bundles.file import Advance, Head, extract, read_head

_RECORD = "bundle.json"
_REMEMBERED = 10


class Installed(Struct, frozen=True):
    """`signed_by` is the name its key had when it was imported."""

    id: str
    folder: Path
    bundle: Bundle
    signed_by: str

    @property
    def file(self) -> Path:
        """Of a bundle that is one file, as a language model is."""
        return self.folder / next(iter(self.bundle.files))


class _Record(Struct, frozen=True):
    bundle: Bundle
    signed_by: str


def bundles(data_dir: Path) -> list[Installed]:
    """By kind, then as they were imported. What has no record that can be read is none."""
    found = (_read(path.parent) for path in _folder(data_dir).glob(f"*-*/{_RECORD}"))
    order = list(KINDS)
    return sorted(filter(None, found), key=lambda one: (order.index(one.bundle.kind), _number(one.id)))


def get(data_dir: Path, bundle_id: str) -> Installed:
    for one in bundles(data_dir):
        if one.id == bundle_id:
            return one
    raise NotFound(f"No bundle {bundle_id} is here. See: socialai models list")


def history(data_dir: Path, kind: Kind) -> list[Installed]:
    """The active one first, then what was active before it, newest first."""
    known = {one.id: one for one in bundles(data_dir) if one.bundle.kind == kind}
    return [known[name] for name in _names(data_dir, kind) if name in known]


def active(data_dir: Path, kind: Kind) -> Installed | None:
    """None: what travels with the program serves."""
    return next(iter(history(data_dir, kind)), None)


def import_file(path: Path, data_dir: Path, advance: Advance = lambda _: None) -> Installed:
    """Check it and keep it beside the others; nothing serves it yet. Cut short, it goes on where it was when
    tried again. Raises BundleRefused, Conflict or ModelError, and then nothing of it is kept that serves."""
    head = read_head(path, data_dir)
    bundle = head.bundle
    check.fits(bundle, _folder(data_dir))
    with changing(data_dir):
        for known in bundles(data_dir):
            if known.bundle == bundle:
                raise Conflict(f"{bundle.title} is here already, as {known.id}.")
        coming = _folder(data_dir) / "incoming" / hashlib.sha256(msgspec.json.encode(bundle)).hexdigest()[:24]
        _extract(path, head, coming, advance)
        return _take_in(coming, bundle, head.signed_by, data_dir)


def take_in(folder: Path, bundle: Bundle, signed_by: str, data_dir: Path) -> Installed:
    """Files that came another way and are known to be what they should: the folder becomes the bundle's."""
    check.fits(bundle, _folder(data_dir))
    with changing(data_dir):
        return _take_in(folder, bundle, signed_by, data_dir)


def activate(data_dir: Path, bundle_id: str) -> Installed:
    with changing(data_dir):
        chosen = get(data_dir, bundle_id)
        kind = chosen.bundle.kind
        names = [name for name in _names(data_dir, kind) if name != bundle_id]
        _write(data_dir, kind, [bundle_id, *names])
        return chosen


def roll_back(data_dir: Path, kind: Kind) -> Installed | None:
    """What was active before serves again; None: what travels with the program. The other stays here."""
    with changing(data_dir):
        known = history(data_dir, kind)
        if not known:
            raise InvalidInput("Nothing was activated: what travels with the program serves.")
        _write(data_dir, kind, [one.id for one in known[1:]])
        return known[1] if len(known) > 1 else None


def remove(data_dir: Path, bundle_id: str) -> Installed:
    with changing(data_dir):
        chosen = get(data_dir, bundle_id)
        kind = chosen.bundle.kind
        names = _names(data_dir, kind)
        if names[:1] == [bundle_id]:
            raise InvalidInput(f"{bundle_id} serves now. Roll it back first, or activate another.")
        _write(data_dir, kind, [name for name in names if name != bundle_id])
        shutil.rmtree(chosen.folder)
        return chosen


@contextmanager
def changing(data_dir: Path) -> Iterator[None]:
    """The hub and the command line may both be at it."""
    folder = _folder(data_dir)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(folder / "lock"):
        yield


def _extract(path: Path, head: Head, coming: Path, advance: Advance) -> None:
    """What is damaged is not gone on with; what was cut short is."""
    try:
        extract(path, head, coming, advance)
    except BundleRefused:
        shutil.rmtree(coming, ignore_errors=True)
        raise


def _take_in(coming: Path, bundle: Bundle, signed_by: str, data_dir: Path) -> Installed:
    try:
        check.works(coming, bundle)
    except Exception:
        shutil.rmtree(coming, ignore_errors=True)
        raise
    (coming / _RECORD).write_bytes(msgspec.json.encode(_Record(bundle, signed_by)))
    place = _unused(_folder(data_dir), bundle.kind)
    coming.rename(place)
    return Installed(place.name, place, bundle, signed_by)


def _read(folder: Path) -> Installed | None:
    try:
        record = msgspec.json.decode((folder / _RECORD).read_bytes(), type=_Record)
    except (OSError, msgspec.DecodeError):
        return None
    return Installed(folder.name, folder, record.bundle, record.signed_by)


def _names(data_dir: Path, kind: Kind) -> list[str]:
    try:
        return (_folder(data_dir) / f"{kind}.list").read_text(encoding="utf-8").split()
    except OSError:
        return []


def _write(data_dir: Path, kind: Kind, names: Sequence[str]) -> None:
    """In one step: the file is written beside and then renamed."""
    new = _folder(data_dir) / f"{kind}.list.new"
    new.write_text("\n".join(names[:_REMEMBERED]), encoding="utf-8")
    new.replace(new.with_suffix(""))


def _unused(folder: Path, kind: Kind) -> Path:
    number = 1
    while (folder / f"{kind}-{number}").exists():
        number += 1
    return folder / f"{kind}-{number}"


def _number(bundle_id: str) -> int:
    number = bundle_id.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0


def _folder(data_dir: Path) -> Path:
    return data_dir / "models"
