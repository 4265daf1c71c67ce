"""The fields of ours that HubSpot does not have: made once, in a group of their own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from socialai.crms.hubspot import failures
from socialai.errors import DeliveryError
from socialai.platforms.base import Finding
from socialai.platforms.calls import Calls

ID, SOCIAL_ID, KEY = "socialai_id", "socialai_social_id", "socialai_key"
SCORE, RATING, SOURCE, SUMMARY = "socialai_score", "socialai_rating", "socialai_source", "socialai_summary"
_GROUP = "socialai"

Path = Callable[[str, str], str]
"""Kind of object and area → where it is asked for."""


class Property(Struct, frozen=True):
    name: str
    label: str
    kind: str = "string"
    shown_as: str = "text"
    unique: bool = False


WANTED: Mapping[str, Sequence[Property]] = {
    "contacts": (
        Property(ID, "SocialAI Hub ID", unique=True),
        Property(SOCIAL_ID, "Social ID"),
        Property(SCORE, "Lead score", "number", "number"),
        Property(RATING, "Lead rating"),
        Property(SOURCE, "Lead source"),
        Property(SUMMARY, "Why this score", shown_as="textarea"),
    ),
    "tasks": (Property(KEY, "SocialAI Hub key", unique=True),),
    "notes": (Property(KEY, "SocialAI Hub key", unique=True),),
}


class Named(Struct):
    name: str


class Names(Struct):
    results: list[Named]


def make(calls: Calls, path: Path) -> list[Finding]:
    """One finding for each kind of object."""
    return [finding for kind, wanted in WANTED.items() for finding in _make_all(calls, path, kind, wanted)]


def _make_all(calls: Calls, path: Path, kind: str, wanted: Sequence[Property]) -> Iterator[Finding]:
    where = path(kind, "properties")
    try:
        known = {one.name for one in calls.read(where, {}, Names).results}
        missing = [one for one in wanted if one.name not in known]
        if missing:
            _ask(calls, f"{where}/groups", {"name": _GROUP, "label": "SocialAI Hub"})
        for one in missing:
            _ask(calls, where, _told(one))
    except DeliveryError as error:
        says = f"{error} The fields of {kind} could not be made; the key needs the scope to write properties."
        yield Finding(f"Fields of {kind}", "fix", says)
    else:
        yield Finding(f"Fields of {kind}", "ok", "All fields of ours are there.")


def _ask(calls: Calls, path: str, body: Mapping[str, Any]) -> None:
    """What is there already is as good as made."""
    try:
        calls.repeat("POST", path, json=dict(body))
    except DeliveryError as error:
        if error.code != failures.CONFLICT:
            raise


def _told(one: Property) -> Mapping[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "type": one.kind,
        "fieldType": one.shown_as,
        "groupName": _GROUP,
        "hasUniqueValue": one.unique,
    }
