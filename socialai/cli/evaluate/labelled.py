"""Labelled messages: {text, intent, acceptable[], sentiment, urgency, escalate}, all but text optional."""

from typing import Any, TypeVar

from msgspec import Struct

from socialai.cli import jsonl
from socialai.domain.triage import INTENTS, MOODS, URGENCIES, Intent, Mood, Urgency
from socialai.errors import InvalidInput
from socialai.inference.triage import mood

T = TypeVar("T")

_INTENTS: dict[str, Intent] = {name: name for name in INTENTS}
_MOODS: dict[str, Mood] = {name: name for name in MOODS}
_URGENCIES: dict[str, Urgency] = {name: name for name in URGENCIES} | {
    "normal": "medium",
    "urgent": "high",
    "critical": "high",
}
_TRUTHS = {"yes": True, "no": False, "true": True, "false": False}
_MOOD_WORDS = f"{', '.join(MOODS)}, or a number from -1 to 1"
_NOT_SAID = ("", None)


class Labelled(Struct, frozen=True):
    """None is what the file does not say; `intents` are all that a sensible person could give."""

    line: int
    text: str
    intent: Intent | None = None
    intents: frozenset[Intent] = frozenset()
    mood: Mood | None = None
    urgency: Urgency | None = None
    escalate: bool | None = None


def read_line(line: bytes, number: int) -> Labelled:
    """InvalidInput says what to write instead."""
    try:
        row = jsonl.decode(line)
    except ValueError as error:
        raise InvalidInput(f'This is no JSON like {{"text": "…", "intent": "sales"}}: {error}') from None
    return labelled(row, number)


def labelled(row: Any, number: int) -> Labelled:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise InvalidInput('Write an object with a "text", like {"text": "…", "intent": "sales"}.')
    said = {name: value for name, value in row.items() if value not in _NOT_SAID}
    intent = _one_of(said, "intent", _INTENTS)
    return Labelled(
        line=number,
        text=row["text"],
        intent=intent,
        intents=frozenset([*([intent] if intent else []), *_acceptable(said)]),
        mood=_mood(said),
        urgency=_one_of(said, "urgency", _URGENCIES),
        escalate=_escalate(said),
    )


def _acceptable(row: dict[str, Any]) -> list[Any]:
    value = row.get("acceptable", [])
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list):
        raise _wrong("acceptable", value, f"a list of: {', '.join(INTENTS)}")
    return [_known("acceptable", name, _INTENTS) for name in names]


def _mood(row: dict[str, Any]) -> Any:
    value = row.get("sentiment")
    if isinstance(value, dict):  # as `socialai triage` prints it
        value = value.get("label", value.get("score"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not -1 <= value <= 1:
            raise _wrong("sentiment", value, _MOOD_WORDS)
        return mood(value)
    return None if value is None else _known("sentiment", value, _MOODS, _MOOD_WORDS)


def _escalate(row: dict[str, Any]) -> bool | None:
    value = row.get("escalate")
    if value is None or value in (0, 1):
        return None if value is None else bool(value)
    return _known("escalate", value, _TRUTHS, "true or false")


def _one_of(row: dict[str, Any], name: str, known: dict[str, Any]) -> Any:
    return _known(name, row[name], known) if name in row else None


def _known(name: str, value: Any, known: dict[str, T], words: str = "") -> T:
    found = known.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise _wrong(name, value, words or ", ".join(known))
    return found


def _wrong(name: str, value: Any, words: str) -> InvalidInput:
    return InvalidInput(f'"{name}" is {str(value)[:40]!r}; write {words}.')
