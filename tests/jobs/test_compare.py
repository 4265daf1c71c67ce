"""Contradictions between the articles of one tenant."""

from datetime import timedelta

import pytest

from socialai.actions import contradictions as actions
from socialai.domain.contradiction import Contradiction
from socialai.domain.knowledge import ALWAYS, Validity
from socialai.jobs.compare import compare
from socialai.store import articles, contradictions
from tests.jobs.desk import Desk

LONG = "Our tents are sewn in Bergen. Shipping to Norway costs 9 EUR. Parcels leave every day at noon."


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Without what the cast knows."""
    desk.db.write(lambda db: articles.delete(db, desk.ids.article_id))
    return desk


def add(desk: Desk, title: str, text: str, validity: Validity = ALWAYS) -> int:
    now = desk.clock()
    made = desk.db.write(
        lambda db: articles.add(
            db, title=title, kind="markdown", text=text, source="", now=now, validity=validity
        )
    )
    desk.run("index", "acme", made.id)
    return made.id


def found(desk: Desk) -> list[Contradiction]:
    for article_id in desk.db.read(lambda db: contradictions.uncompared(db, 100)):
        compare(desk.app, "acme", article_id)
    return desk.db.read(contradictions.contradictions)


def test_both_sentences_are_shown_once(desk: Desk) -> None:
    add(desk, "Shipping", LONG)
    add(desk, "Prices", "Shipping to Norway costs 12 EUR. Tents cost 99 EUR.")
    (one,) = found(desk)
    assert {one.sentence, one.other_sentence} == {
        "Shipping to Norway costs 9 EUR.",
        "Shipping to Norway costs 12 EUR.",
    }
    assert {one.title, one.other_title} == {"Shipping", "Prices"}


def test_what_is_put_right_is_no_longer_reported(desk: Desk) -> None:
    add(desk, "Shipping", LONG)
    prices = add(desk, "Prices", "Shipping to Norway costs 12 EUR.")
    assert len(found(desk)) == 1
    now = desk.clock() + timedelta(hours=1)
    desk.clock.now = now
    text = "Shipping to Norway costs 9 EUR."
    desk.db.write(lambda db: articles.update(db, prices, title="Prices", text=text, now=now))
    desk.run("index", "acme", prices)
    assert found(desk) == []


def test_last_years_price_contradicts_nobody(desk: Desk) -> None:
    add(desk, "Old", "Shipping to Norway costs 9 EUR.", Validity(ends=desk.clock()))
    add(desk, "New", "Shipping to Norway costs 12 EUR.", Validity(starts=desk.clock()))
    assert found(desk) == []


def test_a_line_under_another_heading_speaks_of_another_thing(desk: Desk) -> None:
    add(desk, "North", "## Norway\n\nDelivery takes 3 days.")
    add(desk, "West", "## Canada\n\nDelivery takes 9 days.")
    assert found(desk) == []


def test_what_is_dismissed_stays_so(desk: Desk) -> None:
    add(desk, "Shipping", LONG)
    prices = add(desk, "Prices", "Shipping to Norway costs 12 EUR.")
    (one,) = found(desk)
    actions.dismiss(desk.app, desk.olga, one.id)
    desk.db.write(lambda db: articles.set_details(db, prices, ALWAYS, None, desk.clock()))
    assert found(desk) == []


def test_the_sweep_finds_what_no_bell_told(desk: Desk) -> None:
    article_id = add(desk, "Shipping", LONG)
    desk.bells.lose()
    desk.sweep()
    assert ("compare", "acme", article_id) in [bell[2:] for bell in desk.bells.waiting]
