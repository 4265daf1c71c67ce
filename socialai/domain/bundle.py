"""A bundle: model files that are installed, tried out and taken back as one, in one signed file."""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["set", "search", "llm"]
KINDS: dict[Kind, str] = {
    "set": "Understanding: encoder, triage and injection",
    "search": "An encoder that searches the knowledge",
    "llm": "A language model that writes",
}
FORMAT = 1
MOST_FILES = 200
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"
_PATH = re.compile(rf"(?:{_PART}/){{0,2}}{_PART}")
_NUMBERS = re.compile(r"\d+")

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,79}$")]
Text = Annotated[str, Meta(max_length=2000)]


class BundleFile(Struct, frozen=True):
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    bytes: Annotated[int, Meta(ge=0)]


class Bundle(Struct, frozen=True, forbid_unknown_fields=True):
    """What a bundle says of itself. `program` is the oldest version of the hub that can use it, `memory` the
    bytes it needs when it works, `templates` the chat template of a language model; `files` by their path in
    it, in the order in which they follow."""

    format: int
    kind: Kind
    name: Name
    version: Name
    purpose: Text
    licence: Annotated[str, Meta(min_length=1, max_length=200)]
    source: Text
    program: Annotated[str, Meta(pattern=r"^\d+(\.\d+){0,3}$")]
    memory: Annotated[int, Meta(ge=0)]
    files: Annotated[dict[str, BundleFile], Meta(min_length=1, max_length=MOST_FILES)]
    templates: dict[Annotated[str, Meta(max_length=40)], Annotated[str, Meta(max_length=200_000)]] = {}

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files.values())

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}"


def unsafe_path(paths: list[str]) -> str | None:
    """The first that leads elsewhere, is odd, or comes twice where letters are not told apart."""
    seen: set[str] = set()
    for path in paths:
        if not _PATH.fullmatch(path) or path.lower() in seen:
            return path
        seen.add(path.lower())
    return None


def is_older(version: str, wanted: str) -> bool:
    """Is `version` older than `wanted`? Only the numbers are compared: '0.10.0' is newer than '0.9'."""
    return _numbers(version) < _numbers(wanted)


def _numbers(version: str) -> tuple[int, ...]:
    found = [int(number) for number in _NUMBERS.findall(version)][:4]
    return (*found, *[0] * (4 - len(found)))
