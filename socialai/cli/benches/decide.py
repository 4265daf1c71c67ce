"""From event to stored decision, beside what the encoder alone does with the same texts."""

import time
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

from socialai.actions import articles
from socialai.cli.benches import shop
from socialai.cli.benches.figure import Extent, Figure, Say, at_least
from socialai.cli.evaluate import corpus
from socialai.cli.program import Program
from socialai.context import App
from socialai.domain.event import Delivery
from socialai.errors import SettingsError
from socialai.sandbox.northwind import shop as northwind
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import channels, contacts, events, turns
from socialai.store.articles import unindexed
from socialai.store.contradictions import uncompared

_BATCH = 64
_PATIENCE = 180.0
_PASSES = 2
_PEOPLE = 1_000_000
_WARM_UP = 64


def measure(program: Program, folder: Path, extent: Extent, say: Say) -> list[Figure]:
    settings = Settings(data_dir=folder / "hub", debounce_seconds=0)
    shop.prepare(program, settings)
    with shop.opened(program, settings, folder) as app:
        app.tasks.start()
        say(f"decide: the hub reads {extent.articles} articles")
        _teach(app, extent.articles)
        texts = list(islice(shop.texts(), extent.messages))
        app.models.warm()
        say("decide: the encoder alone")
        before = _encoder(app, texts)
        say(f"decide: {extent.messages} messages")
        _decide(app, 0, _WARM_UP)
        rate = extent.messages / _decide(app, _WARM_UP, extent.messages)
        alone = (before + _encoder(app, texts)) / 2
    figure = at_least(
        50,
        name="decide, share of the encoder's own throughput",
        value=100 * rate / alone,
        unit="%",
        compared_to=f"encoder {alone:,.0f} texts/s in batches of {_BATCH}; hub {rate:,.0f} messages/s",
    )
    return [figure]


def _teach(app: App, count: int) -> None:
    who = operator(shop.TENANT)
    made_up = (corpus.written_article(number) for number in range(count))
    for title, text in islice((*northwind.articles(), *made_up), count):
        articles.add(app, who, title, "markdown", text, "bench")
    _wait_until(app, lambda db: not unindexed(db) and not uncompared(db, 1))


def _encoder(app: App, texts: list[str]) -> float:
    """Texts a second."""
    started = time.perf_counter()
    for _ in range(_PASSES):
        for start in range(0, len(texts), _BATCH):
            app.models.encode(texts[start : start + _BATCH])
    return _PASSES * len(texts) / (time.perf_counter() - started)


def _decide(app: App, first: int, count: int) -> float:
    """Seconds. Each message, counted from `first`, is from another person, whom the hub knows already."""
    database = app.files.tenant(shop.TENANT)
    numbers = range(first, first + count)
    database.write(lambda db: _meet(db, numbers, app.clock()))
    arrived = [
        Delivery("facebook", body, f"{number:016x}", app.clock())
        for number, body in zip(numbers, shop.deliveries(_PEOPLE, first), strict=False)
    ]
    database.write(lambda db: events.keep_all(db, arrived))
    started = time.perf_counter()
    app.tasks.wake("process", shop.TENANT, 1)
    _wait_until(app, lambda db: turns.count(db) >= first + count)
    return time.perf_counter() - started


def _meet(db: Connection, numbers: range, now: datetime) -> None:
    (channel,) = channels.channels(db)
    for number in numbers:
        contact_id = contacts.ensure(db, channel.id, shop.person(number, _PEOPLE), now)
        contacts.set_profile(db, contact_id, f"Person {number}", {})


def _wait_until(app: App, done: Callable[[Connection], bool]) -> None:
    late = time.monotonic() + _PATIENCE
    while not app.files.tenant(shop.TENANT).read(done):
        if time.monotonic() > late:
            raise SettingsError("The hub does not get done with its work.")
        time.sleep(0.02)
