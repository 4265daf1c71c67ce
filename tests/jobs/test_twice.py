"""Everything that is kept may be kept again and changes nothing the second time.

What concerns something that is not there, a receipt for a stranger or a reaction to an unknown message, is
dropped; so that both times see the same, everyone has written once before.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.domain.event import Event
from socialai.domain.happening import (
    Deleted,
    Delivered,
    Echoed,
    Edited,
    Happening,
    Ignored,
    Reacted,
    Read,
    Received,
    Unreadable,
)
from socialai.jobs.keep import keep
from socialai.store import channels, events
from socialai.store.db import Database
from socialai.store.migrate import migrate
from tests import cast

NOW = cast.START
TEXTS = st.sampled_from(["", "hello", "Do you ship to Norway?", "\N{PILE OF POO}\x00", "x" * 300])
TIMES = st.integers(0, 3).map(lambda seconds: NOW - timedelta(seconds=seconds))
PLACE = {
    "channel": st.sampled_from(["1001", "1001", "1001", "999"]),
    "contact": st.sampled_from(["8001", "8002"]),
    "at": TIMES,
}
EMOJI = st.sampled_from([None, "\N{HEAVY BLACK HEART}"])
IDS = st.sampled_from(["m_1", "m_2", "m_3"])
KINDS = st.sampled_from(["text", "attachment", "postback", "quick_reply", "sticker", "unsupported"])

HAPPENINGS: st.SearchStrategy[Happening] = st.one_of(
    st.builds(Received, **PLACE, external_id=IDS, kind=KINDS, text=TEXTS, standby=st.booleans()),
    st.builds(Echoed, **PLACE, external_id=IDS, text=TEXTS, key=st.sampled_from([None, "socialai:1"])),
    st.builds(Edited, **PLACE, external_id=IDS, text=TEXTS),
    st.builds(Deleted, **PLACE, external_id=IDS),
    st.builds(Reacted, **PLACE, external_id=st.just("m_0"), emoji=EMOJI),
    st.builds(Delivered, **PLACE, watermark=TIMES),
    st.builds(Read, **PLACE, watermark=TIMES),
    st.just(Ignored(reason="not for us")),
    st.just(Unreadable(reason="half of it is missing")),
)
FIRST = [
    Received(channel="1001", contact=contact, at=NOW, external_id="m_0", kind="text", text="hi")
    for contact in ("8001", "8002")
]


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("twice") / "tenant.db"
    migrate(path, "tenant")
    database = Database(path)
    database.write(lambda db: channels.put(db, "facebook", "1001", "Acme", {}, NOW))
    yield database
    database.rest()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happenings=st.lists(HAPPENINGS, max_size=8))
def test_happenings_twice_change_nothing_the_second_time(
    tenant: Database, happenings: list[Happening]
) -> None:
    tenant.write(_empty)
    event = _event(tenant)
    _keep(tenant, event, FIRST)
    _keep(tenant, event, happenings)
    before = cast.rows(tenant.path)
    again = _keep(tenant, event, happenings)
    assert cast.rows(tenant.path) == before
    assert again == []


def test_of_two_edits_the_later_one_holds_though_it_says_what_is_there_already(tenant: Database) -> None:
    tenant.write(_empty)
    event = _event(tenant)
    about = {"channel": "1001", "contact": "8001", "external_id": "m_0"}
    later, earlier = (Edited(**about, at=NOW, text="hi"), Edited(**about, at=NOW - timedelta(1), text="ho"))
    _keep(tenant, event, [*FIRST, later, earlier])
    found = tenant.read(
        lambda db: db.execute("select text from message where external_id = 'm_0'").fetchone()
    )
    assert found["text"] == "hi"


def _keep(tenant: Database, event: Event, happenings: Sequence[Happening]) -> list[int]:
    """Conversations whose answer is due because of it."""
    kept = tenant.write(lambda db: keep(db, event, happenings, timedelta(seconds=4), NOW))
    return sorted(kept.due)


def _event(tenant: Database) -> Event:
    event_id = tenant.write(lambda db: events.keep(db, "facebook", b"{}", "trace", NOW))
    assert event_id is not None
    return tenant.read(lambda db: events.get(db, event_id))


def _empty(db: object) -> None:
    for table in ("message", "conversation", "identity", "contact", "event"):
        db.execute(f"delete from {table}")  # type: ignore[attr-defined]  # a connection
