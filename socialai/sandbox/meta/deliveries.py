"""Webhook bodies owed to the hub: kept until accepted, in order for each account."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from socialai.sandbox.meta import subscriptions
from socialai.sandbox.meta.records import Account, Delivery
from socialai.sandbox.meta.state import State


def tell(state: State, account: Account, field: str, content: Mapping[str, Any]) -> None:
    """Owe the hub an entry with this content, if its app has a callback and the account tells the field."""
    url, _ = subscriptions.callback_of(state, account.id)
    if url is None or field not in subscriptions.fields(state, account.id):
        return
    whole = body(account, state.now(), content)
    with state.writing() as db:
        db.execute("insert into delivery (account_id, body) values (?, ?)", (account.id, whole))


def tell_change(state: State, account: Account, field: str, value: Mapping[str, Any]) -> None:
    tell(state, account, field, {"changes": [{"field": field, "value": value}]})


def heads(state: State) -> list[Delivery]:
    """The oldest delivery of each account that was not accepted yet."""
    return _select(state, "id in (select min(id) from delivery where accepted = 0 group by account_id)")


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


def body(account: Account, at: int, content: Mapping[str, Any]) -> bytes:
    """The exact bytes sent and signed: ASCII only, slashes escaped, as PHP writes JSON."""
    if account.watched == "whatsapp_business_account":
        entry = {"id": account.parent, **content}
    else:
        entry = {"time": at, "id": account.id, **content}
    whole = {"object": account.watched, "entry": [entry]}
    return json.dumps(whole, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode()


def _select(state: State, where: str) -> list[Delivery]:
    rows = state.rows(f"select * from delivery where {where} order by id")
    return [msgspec.convert(dict(row), Delivery, strict=False) for row in rows]
