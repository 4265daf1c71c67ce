"""Test cases: asked one by one in the background, judged, and nothing of it is seen anywhere else."""

import sqlite3

import pytest

from socialai.actions import cases as actions
from socialai.cli.evaluate import rows
from socialai.cli.evaluate.questions import question
from socialai.domain.case import Wanted, summary
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.jobs.examine import examine
from socialai.store import cases
from tests import cast
from tests.jobs.desk import Desk

NORWAY = Wanted("What does shipping to Norway cost?", True, ("9 EUR",), article="Shipping 1001")
MOON = Wanted("Do you repair violins?", False)
WRONG = Wanted("What does shipping to Norway cost?", True, ("12 EUR",), ("9 EUR",))


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The cast's own case is of no use here."""
    desk.db.write(lambda db: db.execute("delete from test_case"))
    return desk


def kept(desk: Desk, *wanted: Wanted) -> list[int]:
    return [actions.keep(desk.app, desk.olga, one).id for one in wanted]


def ran(desk: Desk) -> None:
    actions.run(desk.app, desk.olga)
    while desk.db.read(cases.has_waiting):
        examine(desk.app, "acme", 0)


def test_cases_are_asked_and_judged_and_counted(desk: Desk) -> None:
    ids = kept(desk, NORWAY, MOON, WRONG)
    ran(desk)
    found = desk.db.read(cases.cases)
    assert [case.id for case in found] == ids[::-1]
    wrong, moon, norway = (case.verdict for case in found)
    assert norway
    assert moon
    assert wrong
    assert (norway.mistake, norway.rank, norway.answered) == ("", 1, True)
    assert not moon.mistake
    assert (wrong.mistake, wrong.said, wrong.missing) == ("must not be said", ("9 EUR",), ("12 EUR",))
    counted = summary(found)
    assert (counted.answered, counted.abstained, counted.found) == ((1, 2), (1, 1), (1, 1))
    assert (counted.failing, counted.waiting) == (1, 0)


def test_nothing_of_a_run_reaches_conversations_leads_or_figures(desk: Desk) -> None:
    kept(desk, NORWAY, MOON)
    before, figures = cast.rows(desk.app.files.path("acme")), desk.app.metrics.render()
    ran(desk)
    after = cast.rows(desk.app.files.path("acme"))
    assert {name for name in before if before[name] != after[name]} == {"test_case"}
    assert desk.app.metrics.render() == figures


def test_more_than_a_group_is_asked_group_by_group_and_can_be_stopped(desk: Desk) -> None:
    kept(desk, *(Wanted(f"Do you ship to Norway, {number}?", True) for number in range(actions.GROUP + 1)))
    actions.run(desk.app, desk.olga)
    assert actions.examine(desk.app, "acme")
    assert not actions.examine(desk.app, "acme")
    actions.run(desk.app, desk.olga)
    actions.stop(desk.app, desk.olga)
    assert not desk.db.read(cases.has_waiting)


def test_what_is_changed_has_no_verdict_any_more_not_even_one_that_comes_late(desk: Desk) -> None:
    [case_id] = kept(desk, NORWAY)
    ran(desk)
    judged = desk.db.read(lambda db: cases.get(db, case_id))
    assert judged.verdict
    desk.wait(1)
    assert actions.change(desk.app, desk.olga, case_id, MOON).verdict is None
    verdict = judged.verdict
    desk.db.write(lambda db: cases.judged(db, judged, verdict))
    assert desk.db.read(lambda db: cases.get(db, case_id)).verdict is None


def test_the_download_is_what_eval_answers_reads(desk: Desk) -> None:
    kept(desk, NORWAY, MOON)
    lines = actions.as_lines(desk.db.read(cases.cases))
    file = desk.app.settings.data_dir / "cases.jsonl"
    file.write_bytes(lines)
    read, bad = rows.read_rows(str(file), question)
    assert not bad
    assert [(one.text, one.answerable, one.facts) for one in read] == [
        (NORWAY.question, True, ("9 EUR",)),
        (MOON.question, False, ()),
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("  ", True),
        Wanted("x" * 4001, True),
        Wanted("Open?", False, ("9 to 17",)),
        Wanted("Open?", True, ("x" * 301,)),
        Wanted("Open?", True, tuple(map(str, range(21)))),
        Wanted("Open?", True, article="No such article"),
    ],
)
def test_what_cannot_be_a_case_is_refused(desk: Desk, wanted: Wanted) -> None:
    with pytest.raises(InvalidInput):
        actions.keep(desk.app, desk.olga, wanted)


def test_there_is_an_end_to_them(desk: Desk) -> None:
    def fill(db: sqlite3.Connection) -> None:
        for _ in range(cases.MOST):
            cases.add(db, NORWAY, desk.clock())

    desk.db.write(fill)
    with pytest.raises(Conflict):
        kept(desk, NORWAY)
    with pytest.raises(NotFound):
        actions.remove(desk.app, desk.olga, 99_999)
