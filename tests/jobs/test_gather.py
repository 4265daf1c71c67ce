"""The gap report: what customers ask and nothing in the knowledge answers."""

from collections.abc import Sequence

import pytest

from socialai.actions import articles as articling
from socialai.actions import gaps as actions
from socialai.actions import replies as replying
from socialai.domain.gap import GapState, GapSummary
from socialai.jobs.gather import gather
from socialai.store import gaps
from tests.jobs.desk import Desk

GIFTS = (
    "Do you sell gift cards?",
    "Hi! can i buy a gift card at yours, thanks",
    "are there gift cards in the shop",
)
PARKING = "Is there a car park near your shop in town?"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The cast's own gap is of no use here."""
    desk.db.write(lambda db: db.execute("delete from gap"))
    return desk


def asked(desk: Desk, questions: Sequence[str], first: int = 8001) -> None:
    """Each by another contact."""
    for contact, question in enumerate(questions, first):
        desk.says(question, str(contact))
    desk.wait(30)


def gathered(desk: Desk, state: GapState = "open") -> list[GapSummary]:
    gather(desk.app, "acme", 0)
    return desk.db.read(lambda db: gaps.gaps(db, state))


def write(desk: Desk, gap: GapSummary, text: str, title: str = "Gift cards") -> int:
    article = articling.add(desk.app, desk.olga, title, "text", text, gap_id=gap.gap.id)
    desk.ring()
    return article.id


def test_questions_alike_are_one_gap_counted_with_examples_and_its_newest_date(desk: Desk) -> None:
    asked(desk, [*GIFTS, PARKING])
    first, second = gathered(desk)
    assert (first.asked, second.asked) == (3, 1)
    assert {example.text for example in first.examples} == set(GIFTS)
    assert second.gap.question == PARKING
    assert first.newest_at <= desk.clock()


def test_what_is_answered_thanked_for_or_too_short_is_no_gap(desk: Desk) -> None:
    asked(desk, ["Do you ship to Norway?", "thanks a lot!", "hm?"])
    assert gathered(desk) == []


def test_nothing_is_counted_twice(desk: Desk) -> None:
    asked(desk, GIFTS[:1])
    gathered(desk)
    assert not desk.db.read(actions.has_news)
    gathered(desk)
    assert [gap.asked for gap in gathered(desk)] == [1]
    asked(desk, GIFTS[1:2], 8501)
    assert [gap.asked for gap in gathered(desk)] == [2]


def test_an_article_that_answers_closes_its_gap(desk: Desk) -> None:
    asked(desk, GIFTS[:2])
    (gap,) = gathered(desk)
    article_id = write(desk, gap, "We sell gift cards from 10 EUR, in the shop and online.")
    assert gathered(desk) == []
    (closed,) = gathered(desk, "answered")
    assert closed.gap.article_id == article_id
    assert closed.gap.closed_at == desk.clock()


def test_an_article_that_does_not_answer_leaves_it_open(desk: Desk) -> None:
    asked(desk, GIFTS[:2])
    (gap,) = gathered(desk)
    article_id = write(desk, gap, "Our tents are sewn in Bergen.", "About us")
    (still,) = gathered(desk)
    assert still.gap.article_id == article_id


def test_any_article_that_answers_closes_it(desk: Desk) -> None:
    asked(desk, GIFTS[:1])
    gathered(desk)
    articling.add(desk.app, desk.olga, "Gift cards", "text", "Gift cards are sold in the shop from 10 EUR.")
    desk.ring()
    assert gathered(desk) == []


def test_what_is_asked_in_vain_again_is_open_again(desk: Desk) -> None:
    asked(desk, GIFTS[:1])
    (gap,) = gathered(desk)
    article_id = write(desk, gap, "We sell gift cards from 10 EUR, in the shop and online.")
    assert gathered(desk) == []
    articling.remove(desk.app, desk.olga, article_id)
    asked(desk, GIFTS[1:2], 8501)
    (again,) = gathered(desk)
    assert (again.gap.id, again.asked, again.gap.article_id) == (gap.gap.id, 2, None)


def test_what_was_dismissed_stays_so_and_can_be_opened_again(desk: Desk) -> None:
    asked(desk, GIFTS[:1])
    (gap,) = gathered(desk)
    actions.dismiss(desk.app, desk.olga, gap.gap.id)
    asked(desk, GIFTS[1:2], 8501)
    assert gathered(desk) == []
    assert [gap.asked for gap in gathered(desk, "dismissed")] == [2]
    actions.reopen(desk.app, desk.olga, gap.gap.id)
    assert len(gathered(desk)) == 1


def test_what_a_person_answers_in_the_assistants_place_counts_too(desk: Desk) -> None:
    """The knowledge seemed to answer it, and yet a person wrote something else."""
    desk.says("Can you hold a parcel for me until I am back from my holidays in June?")
    desk.wait(30)
    desk.writes("Sure, we keep it for four weeks.")
    desk.wait(30)
    (gap,) = gathered(desk)
    assert (gap.asked, gap.gap.question.startswith("Can you hold")) == (1, True)


def test_what_was_sent_as_drafted_is_no_gap(desk: Desk) -> None:
    desk.says("Do you ship to Norway?")
    desk.wait(30)
    draft = desk.draft()
    replying.approve(desk.app, desk.olga, draft.id)
    desk.wait(30)
    assert gathered(desk) == []


def test_a_burst_is_one_question(desk: Desk) -> None:
    desk.says("Hello, one question")
    desk.says(GIFTS[0])
    desk.wait(30)
    (gap,) = gathered(desk)
    assert gap.gap.question == f"Hello, one question\n{GIFTS[0]}"


def test_the_sweep_finds_what_no_bell_told(desk: Desk) -> None:
    asked(desk, GIFTS[:1])
    desk.bells.lose()
    desk.sweep()
    assert ("gather", "acme", 0) in [bell[2:] for bell in desk.bells.waiting]
