"""What a person does with the tenant's own intents: teach, change, remove, train, try them out."""

import csv
import io
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from socialai.actions.corrections import taught
from socialai.actions.intent_training import guesser, learn
from socialai.context import App
from socialai.domain.custom_intent import LEAST_EXAMPLES, CustomGuess, CustomIntent, Handling, IntentsReport
from socialai.domain.triage import Understanding
from socialai.errors import InvalidInput
from socialai.security.permissions import Principal
from socialai.store import activities, custom_intents, heads, messages
from socialai.store.db import Job

T = TypeVar("T")

_MOST_ROWS = 20_000
_MOST_TRIED = 100


class Training(Struct, frozen=True):
    """`ready` intents have enough examples; `is_current`: what was taught last is learnt; `report` is of the
    last training, None before the first."""

    ready: int
    is_current: bool
    trained_at: datetime | None
    report: IntentsReport | None


class Sorted(Struct, frozen=True):
    """What a text would be taken for: one of the five, and one of the tenant's own."""

    said: Understanding
    own: CustomGuess | None


class Guessed(Struct, frozen=True):
    """`intent` is None where the text fits none of them."""

    text: str
    intent: CustomGuess | None


def add(
    app: App,
    who: Principal,
    name: str,
    handling: Handling,
    texts: Sequence[str],
    message_ids: Sequence[int] = (),
) -> CustomIntent:
    """A new intent, from texts and from messages that people wrote; at least five together."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> CustomIntent:
        intent = custom_intents.add(db, name, handling, now)
        custom_intents.add_examples(db, intent.id, texts, now)
        _add_messages(db, intent.id, message_ids, app)
        kept = custom_intents.get(db, intent.id)
        if kept.examples < LEAST_EXAMPLES:
            raise InvalidInput(
                f"Give at least {LEAST_EXAMPLES} different examples; there are {kept.examples}."
            )
        return kept

    return _change(app, who, run)


def change(app: App, who: Principal, intent_id: int, name: str, handling: Handling) -> CustomIntent:
    now = app.clock()
    return _change(app, who, lambda db: custom_intents.update(db, intent_id, name, handling, now))


def remove(app: App, who: Principal, intent_id: int) -> None:
    _change(app, who, lambda db: custom_intents.delete(db, intent_id))


def add_examples(
    app: App, who: Principal, intent_id: int, texts: Sequence[str], message_ids: Sequence[int] = ()
) -> CustomIntent:
    now = app.clock()

    def run(db: sqlite3.Connection) -> CustomIntent:
        custom_intents.add_examples(db, intent_id, texts, now)
        _add_messages(db, intent_id, message_ids, app)
        return custom_intents.get(db, intent_id)

    return _change(app, who, run)


def teach(app: App, who: Principal, message_id: int, intent_id: int | None) -> None:
    """A message is an example of this intent and of no other; None: it belongs to none of them."""
    now = app.clock()

    def run(db: sqlite3.Connection) -> int:
        message = messages.get(db, message_id)
        if message.author != "contact":
            raise InvalidInput("Only what a contact wrote can be an example.")
        name = f'an example of "{custom_intents.get(db, intent_id).name}"' if intent_id else "none of yours"
        custom_intents.forget_message(db, message_id)
        custom_intents.add_examples(db, intent_id, [message.text], now, message_id)
        text = f"{who.name} said what it is: {name}"
        activities.add(db, message.conversation_id, "corrected", text, now, who.user_id or None)
        return message.conversation_id

    app.feed.tell(who.tenant_id, "conversation", _change(app, who, run))


def add_strangers(app: App, who: Principal, texts: Sequence[str]) -> int:
    """Examples of what belongs to none of the intents; how many are new."""
    now = app.clock()
    return _change(app, who, lambda db: custom_intents.add_examples(db, None, texts, now))


def remove_example(app: App, who: Principal, intent_id: int, example_id: int) -> None:
    _change(app, who, lambda db: custom_intents.remove_example(db, intent_id, example_id))


def add_sheet(app: App, who: Principal, data: bytes) -> list[CustomIntent]:
    """A CSV with the columns `intent` and `text`: new intents are made, known ones get more examples."""
    rows, now = _read_sheet(data), app.clock()

    def run(db: sqlite3.Connection) -> list[CustomIntent]:
        for name, texts in rows.items():
            intent = custom_intents.find_named(db, name) or custom_intents.add(db, name, "usual", now)
            custom_intents.add_examples(db, intent.id, texts, now)
        return custom_intents.intents(db)

    return _change(app, who, run)


def train(app: App, who: Principal) -> IntentsReport:
    """Learn all examples now, and say how well they are told apart. Raises ModelError."""
    return learn(app, who.tenant_id)


def training(app: App, who: Principal) -> Training:
    """How far the learning is."""

    def read(db: sqlite3.Connection) -> Training:
        head = heads.find_latest(db, "intents")
        known = custom_intents.intents(db)
        return Training(
            ready=sum(intent.examples >= LEAST_EXAMPLES for intent in known),
            is_current=heads.learnt_from(db, "intents") == custom_intents.version(db),
            trained_at=head.created_at if head else None,
            report=msgspec.json.decode(head.report, type=IntentsReport) if head else None,
        )

    return app.files.tenant(who.tenant_id).read(read)


def sort(app: App, who: Principal, text: str) -> Sorted:
    """What a message of this text would be taken for now. Raises ModelError."""
    reading = app.models.read([text])
    own = guesser(app, who.tenant_id)(text, reading.blends[0])
    return Sorted(taught(app, who.tenant_id)(reading)[0], own)


def report(app: App, who: Principal) -> IntentsReport | None:
    """Of the last training; None before the first."""
    head = app.files.tenant(who.tenant_id).read(lambda db: heads.find_latest(db, "intents"))
    return msgspec.json.decode(head.report, type=IntentsReport) if head else None


def try_out(app: App, who: Principal, texts: Sequence[str]) -> list[Guessed]:
    """What each text would be taken for, as trained last."""
    if not 0 < len(texts) <= _MOST_TRIED:
        raise InvalidInput(f"Give 1 to {_MOST_TRIED} texts.")
    guess, blends = guesser(app, who.tenant_id), app.models.blend(texts)
    return [Guessed(text, guess(text, blend)) for text, blend in zip(texts, blends, strict=True)]


def _add_messages(db: sqlite3.Connection, intent_id: int, message_ids: Sequence[int], app: App) -> None:
    for message_id in message_ids:
        message = messages.get(db, message_id)
        custom_intents.add_examples(db, intent_id, [message.text], app.clock(), message_id)


def _read_sheet(data: bytes) -> dict[str, list[str]]:
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput("This is no CSV file in UTF-8. Save it as CSV and try again.") from error
    if not rows or not {"intent", "text"} <= set(rows[0]):
        raise InvalidInput("The first line has to name the columns: intent,text")
    if len(rows) > _MOST_ROWS:
        raise InvalidInput(f"The file has more than {_MOST_ROWS:,} lines.")
    sheet: dict[str, list[str]] = {}
    for row in rows:
        sheet.setdefault(" ".join((row["intent"] or "").split()), []).append(row["text"] or "")
    return sheet


def _change(app: App, who: Principal, run: Job[T]) -> T:
    """The examples are learnt a moment later."""
    done = app.files.tenant(who.tenant_id).write(run)
    app.tasks.wake("learn", who.tenant_id, 0)
    app.feed.tell(who.tenant_id, "intents")
    return done
