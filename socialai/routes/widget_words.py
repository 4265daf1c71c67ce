"""The words of the chat, in the languages of its visitors."""

from collections.abc import Mapping
from functools import cache

import msgspec

from socialai.resources import resource

_USUAL = "en"


def choose(wanted: str, accepted: str) -> str:
    """The owner's choice, else the first that the browser asks for and we speak."""
    asked = (part.partition(";")[0].strip().lower()[:2] for part in accepted[:200].split(","))
    return next((language for language in (wanted, *asked) if language in _all()), _USUAL)


def words(language: str) -> Mapping[str, str]:
    return _all()[language]


@cache
def _all() -> Mapping[str, Mapping[str, str]]:
    content = resource("web", "static", "widget", "words.json").read_bytes()
    return msgspec.json.decode(content, type=dict[str, dict[str, str]])
