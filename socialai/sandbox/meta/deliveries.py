"""Webhook bodies owed to the hub: kept until accepted, in order for each page."""

import msgspec

from socialai.sandbox.meta import events
from socialai.sandbox.meta.accounts import callback_of, subscribed_fields
from socialai.sandbox.meta.records import Delivery
from socialai.sandbox.meta.state import State


def tell(state: State, page_id: str, item: events.Item, *, standby: bool = False) -> None:
    """Owe the hub this event, if its app has a callback and the page is subscribed to the field."""
    url, _ = callback_of(state, page_id)
    if url is None or events.field_of(item) not in subscribed_fields(state, page_id):
        return
    body = events.body(page_id, state.now(), item, "standby" if standby else "messaging")
    with state.writing() as db:
        db.execute("insert into delivery (page_id, body) values (?, ?)", (page_id, body))


def heads(state: State) -> list[Delivery]:
    """The oldest delivery of each page that was not accepted yet."""
    return _select(state, "id in (select min(id) from delivery where accepted = 0 group by page_id)")


def pending(state: State) -> list[Delivery]:
    return _select(state, "accepted = 0")


def everything(state: State) -> list[Delivery]:
    return _select(state, "1")


def settle(state: State, delivery: Delivery, problem: str | None) -> None:
    """Note an attempt; without a problem the hub has it."""
    with state.writing() as db:
        db.execute(
            "update delivery set attempts = attempts + 1, accepted = ?, problem = ? where id = ?",
            (problem is None, problem, delivery.id),
        )


def owe_again(state: State, count: int) -> None:
    """Deliver the last `count` accepted bodies once more, byte by byte the same: Meta does so too."""
    with state.writing() as db:
        db.execute(
            """
            update delivery set accepted = 0
            where id in (select id from delivery where accepted = 1 order by id desc limit ?)
            """,
            (count,),
        )


def _select(state: State, where: str) -> list[Delivery]:
    rows = state.rows(f"select * from delivery where {where} order by id")
    return [msgspec.convert(dict(row), Delivery, strict=False) for row in rows]
