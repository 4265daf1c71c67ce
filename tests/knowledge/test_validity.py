"""Articles that are not valid yet, or not any more, are never found."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from socialai.domain.knowledge import ALWAYS, Hit, Validity
from socialai.errors import InvalidInput
from socialai.jobs.index import index_article
from socialai.knowledge.index import Encode
from socialai.knowledge.search import search, search_on
from socialai.knowledge.shelves import Shelves
from socialai.store import articles, chunks
from socialai.store.db import Database
from tests.knowledge.conftest import NOW

DAY = timedelta(days=1)
QUESTION = "What does shipping to Norway cost?"
Find = Callable[[datetime], list[Hit]]


@pytest.fixture(params=["file", "memory"])
def find(request: pytest.FixtureRequest, acme: Database, encode: Encode) -> Find:
    """On either shelf."""
    vector = encode([QUESTION])[0]

    def run(now: datetime) -> list[Hit]:
        hidden = acme.read(lambda db: articles.hidden_chunks(db, now))
        if request.param == "file":
            return acme.read(lambda db: search(db, QUESTION, vector, 6, hidden))
        shelf = Shelves().shelf(acme)
        assert shelf is not None
        return search_on(shelf, QUESTION, vector, 6, hidden)

    return run


def test_an_article_answers_from_its_first_moment_to_its_last(
    acme: Database, encode: Encode, find: Find
) -> None:
    _add(acme, encode, "Winter", "Shipping to Norway costs 5 EUR.", Validity(NOW, NOW + DAY))
    moment = timedelta(microseconds=1)
    assert [bool(find(at)) for at in (NOW - moment, NOW, NOW + DAY - moment, NOW + DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_what_replaces_an_expired_article_is_found_in_its_place(
    acme: Database, encode: Encode, find: Find
) -> None:
    _add(acme, encode, "Old", "Shipping to Norway costs 5 EUR.", Validity(ends=NOW))
    _add(acme, encode, "New", "Shipping to Norway costs 7 EUR.", Validity(starts=NOW))
    assert [hit.title for hit in find(NOW - DAY)] == ["Old"]
    assert [hit.title for hit in find(NOW)] == ["New"]


def test_a_long_expired_list_leaves_room_for_the_valid_line(
    acme: Database, encode: Encode, find: Find
) -> None:
    long = "\n\n".join(f"## Part {n}\n\nShipping to Norway costs {n} EUR." for n in range(80))
    _add(acme, encode, "Old", long, Validity(ends=NOW))
    _add(acme, encode, "Elsewhere", "The post office in Oslo opens at ten.", ALWAYS)
    assert {hit.title for hit in find(NOW)} == {"Elsewhere"}


def test_a_change_of_validity_counts_at_once_and_indexes_nothing(
    acme: Database, encode: Encode, find: Find
) -> None:
    article_id = _add(acme, encode, "Shipping", "Shipping to Norway costs 5 EUR.", ALWAYS)
    before = acme.read(chunks.count)
    acme.write(lambda db: articles.set_details(db, article_id, Validity(ends=NOW), 7, NOW))
    assert find(NOW) == []
    changed = acme.read(lambda db: articles.get(db, article_id))
    assert (changed.owner_id, changed.indexed_at, acme.read(chunks.count)) == (7, NOW, before)


def test_an_end_before_the_beginning_is_refused(acme: Database, encode: Encode) -> None:
    article_id = _add(acme, encode, "Shipping", "Shipping to Norway costs 5 EUR.", ALWAYS)
    with pytest.raises(InvalidInput):
        acme.write(lambda db: articles.set_details(db, article_id, Validity(NOW, NOW), None, NOW))


def test_lists_and_warnings_know_what_is_valid(acme: Database, encode: Encode) -> None:
    for title, validity in {
        "always": ALWAYS,
        "early": Validity(starts=NOW + DAY),
        "soon": Validity(ends=NOW + DAY),
        "later": Validity(ends=NOW + 60 * DAY),
        "expired": Validity(ends=NOW - DAY),
    }.items():
        _add(acme, encode, title, f"We say {title}.", validity)

    def titles(state: str) -> set[str]:
        found = acme.read(lambda db: articles.articles(db, state=state, now=NOW))  # type: ignore[arg-type]  # a state
        return {article.title for article in found}

    assert titles("valid") == {"always", "soon", "later"}
    assert titles("early") == {"early"}
    assert titles("soon") == {"soon"}
    assert titles("expired") == {"expired"}
    assert len(titles("all")) == 5
    warnings = acme.read(lambda db: articles.warnings(db, NOW))
    assert (warnings.early, warnings.soon, warnings.expired, warnings.gone) == (1, 1, 1, 0)


def _add(db: Database, encode: Encode, title: str, text: str, validity: Validity) -> int:
    article = db.write(
        lambda c: articles.add(
            c, title=title, kind="markdown", text=text, source="", now=NOW, validity=validity
        )
    )
    index_article(db, encode, article.id, NOW)
    return article.id
