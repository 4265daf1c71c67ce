"""An event is on disk before it is acknowledged, once, and somebody is woken for it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from socialai.context import App
from socialai.errors import DiskFull, NotFound
from socialai.intake import LONGEST, Intake
from socialai.store import events
from socialai.store.db import connect
from tests import cast
from tests.chaos.hub import until

T = TypeVar("T")
Use = Callable[[Intake], Awaitable[T]]


def with_intake(app: App, use: Use[T]) -> T:
    async def run() -> T:
        return await use(Intake(app.files, app.tasks, app.clock))

    return asyncio.run(run())


def on_disk(path: Path) -> list[bytes]:
    """As another process sees it."""
    db = connect(path, read_only=True)
    try:
        return [
            row["body"] for row in db.execute("select body from event where state = 'received' order by id")
        ]
    finally:
        db.close()


def test_what_is_acknowledged_is_on_disk(app: App) -> None:
    async def use(intake: Intake) -> list[bytes]:
        assert await intake.journal("acme", "facebook", b"one")
        return on_disk(app.files.path("acme"))

    assert with_intake(app, use) == [b"one"]


def test_deliveries_that_come_together_are_all_kept_in_order(app: App) -> None:
    bodies = [str(number).encode() for number in range(300)]

    async def use(intake: Intake) -> list[bool]:
        return await asyncio.gather(*(intake.journal("acme", "facebook", body) for body in bodies))

    assert all(with_intake(app, use))
    assert on_disk(app.files.path("acme")) == bodies


def test_the_same_bytes_at_the_same_time_are_new_once(app: App) -> None:
    async def use(intake: Intake) -> list[bool]:
        return await asyncio.gather(*(intake.journal("acme", "facebook", b"same") for _ in range(5)))

    assert sorted(with_intake(app, use)) == [False, False, False, False, True]
    assert on_disk(app.files.path("acme")) == [b"same"]


def test_the_same_bytes_of_two_platforms_are_two_events(app: App) -> None:
    async def use(intake: Intake) -> list[bool]:
        return [await intake.journal("acme", platform, b"same") for platform in ("facebook", "other")]

    assert with_intake(app, use) == [True, True]


def test_who_cannot_be_kept_is_told_so_and_the_next_one_is_kept(app: App) -> None:
    database = app.files.tenant("acme")
    pages = database.write(lambda db: int(db.execute("pragma page_count").fetchone()[0]))
    database.write(lambda db: db.execute(f"pragma max_page_count = {pages}").fetchall() and None)

    async def use(intake: Intake) -> bool:
        with pytest.raises(DiskFull, match=r"is full\. Free some space; nothing accepted was lost"):
            await intake.journal("acme", "facebook", b"x" * 50_000)
        await database.awrite(lambda db: db.execute("pragma max_page_count = 1000000").fetchall())
        return await intake.journal("acme", "facebook", b"x" * 50_000)

    assert with_intake(app, use)


def test_a_tenant_that_is_gone_fails_its_own_deliveries_only(app: App) -> None:
    async def use(intake: Intake) -> list[Any]:
        gone = intake.journal("nobody", "facebook", b"1")
        here = intake.journal("acme", "facebook", b"2")
        return [*await asyncio.gather(gone, here, return_exceptions=True)]

    gone, here = with_intake(app, use)
    assert isinstance(gone, NotFound)
    assert here is True


def test_who_hangs_up_meanwhile_is_kept_all_the_same(app: App) -> None:
    async def use(intake: Intake) -> None:
        waiting = asyncio.ensure_future(intake.journal("acme", "facebook", b"left early"))
        await asyncio.sleep(0)
        waiting.cancel()
        assert await intake.journal("acme", "facebook", b"stays")

    with_intake(app, use)
    assert on_disk(app.files.path("acme")) == [b"left early", b"stays"]


def test_somebody_is_woken_also_when_deliveries_never_pause(app: App) -> None:
    """A flood may put the work off, but not for ever."""

    async def flood(intake: Intake) -> int:
        loop = asyncio.get_running_loop()
        began, number = loop.time(), 0
        while app.tasks.depth() == 0 and loop.time() - began < 10 * LONGEST:
            await intake.journal("acme", "facebook", str(number).encode())
            number += 1
        return app.tasks.depth()

    assert with_intake(app, flood) == 1


def test_one_delivery_wakes_somebody_at_once(app: App) -> None:
    async def use(intake: Intake) -> int:
        await intake.journal("acme", "facebook", b"one")
        await asyncio.to_thread(until, lambda: app.tasks.depth() > 0, 10 * LONGEST)
        return app.tasks.depth()

    assert with_intake(app, use) == 1


def test_events_wait_for_the_start_when_nobody_could_be_woken(app: App, ids: dict[str, cast.Ids]) -> None:
    """The loop ends before the pause does: the row is what counts."""

    async def use(intake: Intake) -> None:
        await intake.journal("acme", "facebook", b"one")

    with_intake(app, use)
    assert app.tasks.depth() == 0
    assert len(app.files.tenant("acme").read(lambda db: events.waiting(db, 10))) == 1
