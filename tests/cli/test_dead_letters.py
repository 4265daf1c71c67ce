import json
import sqlite3
from typing import Any

import pytest

from socialai.context import App
from socialai.errors import InvalidInput, NotFound
from socialai.store import events, outbox
from tests import cast
from tests.cli.conftest import Run


@pytest.fixture
def letters(ids: dict[str, cast.Ids]) -> cast.Ids:
    return ids["acme"]


def listed(run: Run, *args: object) -> list[tuple[str, int]]:
    found: list[dict[str, Any]] = json.loads(
        run("dead-letters", "list", "-t", "acme", "--json", *args).stdout
    )
    return [(letter["kind"], letter["id"]) for letter in found]


def test_they_are_listed_with_the_reason(run: Run, letters: cast.Ids) -> None:
    assert sorted(listed(run)) == [("event", letters.event_id), ("outbox", letters.item_id)]
    assert listed(run, "--kind", "event") == [("event", letters.event_id)]
    shown = run("dead-letters", "list", "-t", "acme").stdout
    assert "Facebook refused it." in shown
    assert "not understood" in shown


def test_one_is_shown_with_its_body(run: Run, letters: cast.Ids) -> None:
    shown = run("dead-letters", "show", "event", letters.event_id, "-t", "acme").stdout
    assert '"object": "page"' in shown
    fields = json.loads(run("dead-letters", "show", "outbox", letters.item_id, "-t", "acme", "--json").stdout)
    assert fields["error_code"] == "10"
    assert isinstance(run("dead-letters", "show", "event", 99, "-t", "acme").exception, NotFound)


def test_a_body_cannot_steer_the_terminal(run: Run, app: App, letters: cast.Ids) -> None:
    def keep(db: sqlite3.Connection) -> int | None:
        return events.keep(db, "facebook", b"\x1b]0;owned\x07 \xff", "t", cast.START)

    event_id = app.files.tenant("acme").write(keep)
    shown = run("dead-letters", "show", "event", event_id, "-t", "acme").stdout
    assert "owned" in shown
    assert "\x1b" not in shown


def test_a_retried_one_waits_for_the_hub(run: Run, app: App, letters: cast.Ids) -> None:
    done = run("dead-letters", "retry", letters.item_id, "--kind", "outbox", "-t", "acme")
    assert done.stdout == "1 is tried again.\n"
    assert app.files.tenant("acme").read(lambda db: outbox.get(db, letters.item_id)).state == "queued"
    assert app.tasks.depth() == 1
    assert listed(run) == [("event", letters.event_id)]


def test_a_discarded_one_stays_on_record(run: Run, app: App, letters: cast.Ids) -> None:
    done = run("dead-letters", "discard", letters.event_id, "--kind", "event", "-t", "acme")
    assert done.exit_code == 0
    assert app.files.tenant("acme").read(lambda db: events.get(db, letters.event_id)).state == "discarded"


def test_all_are_more_than_a_page(run: Run, app: App) -> None:
    def bury(db: sqlite3.Connection) -> None:
        for number in range(450):
            event_id = events.keep(db, "facebook", str(number).encode(), "t", cast.START)
            assert event_id
            events.bury(db, event_id, "no", cast.START)

    app.files.tenant("acme").write(bury)
    assert run("dead-letters", "discard", "--all", "--kind", "event", "-t", "acme").stdout.startswith("451 ")
    assert run("dead-letters", "retry", "--all", "-t", "acme").stdout == "1 is tried again.\n"
    assert listed(run) == []
    assert "no dead letters" in run("dead-letters", "list", "-t", "acme").stdout


@pytest.mark.parametrize("args", [(), (1,), (1, "--all"), (99, "--kind", "event")])
def test_it_must_be_clear_which(run: Run, args: tuple[object, ...]) -> None:
    assert isinstance(run("dead-letters", "discard", *args, "-t", "acme").exception, InvalidInput)
