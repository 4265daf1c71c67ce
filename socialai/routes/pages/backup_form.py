"""The plan of backups as the form has it."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from socialai.domain.backup_plan import BackupPlan, Bucket, Folder, Sftp
from socialai.domain.tunnel import split_user
from socialai.errors import InvalidInput
from socialai.routes.pages import form

EVERY = ((1, "Every hour"), (6, "Every 6 hours"), (24, "Every day"), (168, "Every week"), (0, "Only by hand"))
_EMPTY = {
    "every": "24", "keep": "7", "kind": "own", "path": "", "server": "", "port": "22", "remote_path": "",
    "host_key": "", "endpoint": "", "bucket": "", "access_key": "", "region": "", "prefix": "",
}  # fmt: skip
_NAMES = {
    "every_hours": "How often",
    "keep": "How many are kept",
    "port": "The port",
    "endpoint": "The address",
    "bucket": "The bucket",
    "access_key": "The access key",
}

T = TypeVar("T")
HostKey = Callable[[str, int], str]
Typed = dict[str, str]


def read(data: form.Values) -> Typed:
    return {name: form.text(data, name).strip() for name in _EMPTY}


def passphrase(data: form.Values) -> str | None:
    """None: as it is."""
    if not form.is_on(data, "sealed"):
        return ""
    return form.text(data, "passphrase") or None


def plan(typed: Typed, host_key: HostKey) -> BackupPlan:
    """InvalidInput says what is missing. `host_key` asks a server for the key it shows."""
    return _checked(
        {"every_hours": typed["every"], "keep": typed["keep"], "place": _place(typed, host_key)}, BackupPlan
    )


def shown(plan: BackupPlan) -> Typed:
    kept = {**_EMPTY, "every": str(plan.every_hours), "keep": str(plan.keep)}
    match plan.place:
        case Folder(""):
            return kept
        case Folder(path):
            return kept | {"kind": "folder", "path": path}
        case Sftp() as place:
            server = f"{place.user}@{place.host}"
            there = {"server": server, "port": str(place.port), "remote_path": place.path}
            return kept | {"kind": "sftp", "host_key": place.host_key} | there
        case Bucket() as place:
            return kept | {"kind": "bucket"} | {name: getattr(place, name) for name in _OF_BUCKET}


_OF_BUCKET = ("endpoint", "bucket", "access_key", "region", "prefix")


def _place(typed: Typed, host_key: HostKey) -> dict[str, Any]:
    kind = typed["kind"]
    if kind == "folder":
        if not typed["path"].startswith(("/", "\\\\")) and typed["path"][1:2] != ":":
            raise InvalidInput("Give the whole path of the folder, for example /mnt/usb/backups")
        return {"kind": kind, "path": typed["path"]}
    if kind == "sftp":
        user, host = split_user(typed["server"])
        port = _checked(typed["port"] or "22", int)
        fields = {"user": user, "host": host, "port": port, "path": typed["remote_path"] or "."}
        return {"kind": kind, "host_key": host_key(host, port), **fields}
    if kind == "bucket":
        return {"kind": kind, **{name: typed[name] for name in _OF_BUCKET}}
    return {"kind": "folder", "path": ""}


def _checked(value: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        field = next((words for name, words in _NAMES.items() if f"{name}`" in str(error)), "A field")
        raise InvalidInput(f"{field} is missing, or not what it can be.") from None
