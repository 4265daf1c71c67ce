"""Every payload in the shared folder, other people's recordings: what comes of each.

The folder is not part of the repository and nothing of it is quoted here, so what a happening says is
checked against the recording itself.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialai.domain.happening import Happening
from socialai.errors import ParseError
from socialai.platforms.registry import PLATFORMS
from tests.platforms.samples import SAMPLES

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SOCIALAI_SHARED", ROOT.parent / "shared"))
FOLDER = SHARED / "contracts" / "payloads"
ALL = [(kind, name) for kind, sample in SAMPLES.items() for name in sample.shared]
READ = [(kind, name) for kind, name in ALL if SAMPLES[kind].shared[name] != ["refused"]]
_MADE = (
    "postback:",
    "https://www.facebook.com/",
    "geo:",
    "tel:",
    "https://t.me/",
    "https://x.com/",
    "https://www.linkedin.com/",
)
"""What an adapter says that no recording holds: ids for what has none, and the address of a post."""

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the shared payloads are not at {FOLDER}; set SOCIALAI_SHARED to test them"
)


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_shared_payload_has_an_expectation(kind: str) -> None:
    assert {path.stem for path in (FOLDER / kind).glob("*.json")} == set(SAMPLES[kind].shared)


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_a_shared_payload_becomes_what_is_expected(kind: str, name: str) -> None:
    assert outcome(kind, body_of(kind, name)) == SAMPLES[kind].shared[name]


@pytest.mark.parametrize(("kind", "name"), READ)
def test_what_is_said_stands_in_the_shared_payload(kind: str, name: str) -> None:
    body = body_of(kind, name)
    recorded = set(leaves(msgspec.json.decode(body)))
    recorded |= {time for value in recorded for time in times(value)}
    for what in PLATFORMS[kind].parse(body):
        said = without(fields(what), SAMPLES[kind].worded)
        joined = SAMPLES[kind].joined
        assert {value for value in leaves(without(said, joined)) if not value.startswith(_MADE)} <= recorded
        assert {word for value in leaves(only(said, joined)) for word in words(value)} <= {
            word for value in recorded for word in words(value)
        }


def body_of(kind: str, name: str) -> bytes:
    return (FOLDER / kind / f"{name}.json").read_bytes()


def outcome(kind: str, body: bytes) -> list[str]:
    try:
        return [compact(what) for what in PLATFORMS[kind].parse(body)]
    except ParseError:
        return ["refused"]


def compact(what: Happening) -> str:
    """A happening without its ids, times and texts."""
    said = fields(what)
    kind = said["type"]
    if kind in ("ignored", "cut", "noted", "failed"):
        return f"{kind}: {said.get('reason') or said.get('text')}"
    words = [kind, said.get("kind") or ("text" if kind == "echoed" and said["text"] else "")]
    words += [each["kind"] for each in said.get("attachments", ())]
    marks = {"reply_to": "in reply", "payload": "with payload", "app_id": "by app", "key": "of ours"}
    marks |= {"thread": "in public", "closed": "closed", "also": "by several names"}
    words += [mark for field, mark in marks.items() if said.get(field)]
    if kind == "delivered":
        words += [f"{len(said['external_ids'])} at its watermark" if said["at"] == said["watermark"] else ""]
    if kind == "reacted":
        words += [said["emoji"] or "nothing"]
    if kind == "hidden":
        words += ["" if said["hidden"] else "no more"]
    return " ".join(filter(None, words))


def without(value: Any, keys: frozenset[str]) -> Any:
    if isinstance(value, list | tuple):
        return [without(each, keys) for each in value]
    if isinstance(value, dict):
        return {key: without(each, keys) for key, each in value.items() if key not in keys}
    return value


def only(value: Any, keys: frozenset[str]) -> Any:
    if isinstance(value, list | tuple):
        return [only(each, keys) for each in value]
    if isinstance(value, dict):
        return [each if key in keys else only(each, keys) for key, each in value.items()]
    return None


def words(value: str) -> list[str]:
    return re.findall(r"\w+", value)


def fields(what: Happening) -> dict[str, Any]:
    """Times in milliseconds."""
    told: dict[str, Any] = msgspec.to_builtins(what)
    for name in ("at", "watermark"):
        if isinstance(at := getattr(what, name, None), datetime):
            told[name] = str(round(at.timestamp() * 1000))
    return told


def times(value: str) -> Iterator[str]:
    """What a recorded value may mean as a time."""
    if value.isdecimal() and len(value) < 14:
        yield str(int(value) * 1000)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return
    yield str(round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from leaves(each)
    elif not isinstance(value, bool) and value not in (None, ""):
        yield str(value)
