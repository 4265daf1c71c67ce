"""Where an app is told of what, and which of it an account tells."""

from msgspec import Struct

from socialai.sandbox.meta.records import FIELDS, Account, Watched
from socialai.sandbox.meta.state import State


class Subscription(Struct, frozen=True):
    watched: str
    callback_url: str
    fields: tuple[str, ...]


def keep(state: State, app_id: str, watched: Watched, url: str, fields: tuple[str, ...] = ()) -> None:
    with state.writing() as db:
        db.execute(
            "insert or replace into subscription (app_id, watched, callback_url, fields) values (?, ?, ?, ?)",
            (app_id, watched, url, ",".join(fields or FIELDS[watched])),
        )


def of_app(state: State, app_id: str) -> list[Subscription]:
    rows = state.rows("select * from subscription where app_id = ? order by rowid", app_id)
    return [
        Subscription(row["watched"], row["callback_url"], tuple(row["fields"].split(","))) for row in rows
    ]


def fields(state: State, account_id: str) -> tuple[str, ...]:
    """What the account tells its app."""
    (row,) = state.rows("select fields from account where id = ?", account_id)
    return tuple(row["fields"].split(",")) if row["fields"] else ()


def subscribe(state: State, account_id: str, fields: tuple[str, ...]) -> None:
    with state.writing() as db:
        db.execute("update account set fields = ? where id = ?", (",".join(fields), account_id))


def override(state: State, account: Account, url: str | None) -> None:
    """An address of this account's own, before its app's."""
    with state.writing() as db:
        db.execute("update account set callback_url = ? where id = ?", (url, account.id))


def override_of(state: State, account: Account) -> str | None:
    (row,) = state.rows("select callback_url from account where id = ?", account.id)
    return str(row["callback_url"]) if row["callback_url"] else None


def callback_of(state: State, account_id: str) -> tuple[str | None, str]:
    """The URL where the account's app is told (None: not yet known) and the secret it is signed with."""
    (row,) = state.rows(
        """
        select coalesce(account.callback_url, subscription.callback_url) as url, secret
        from account join app on app.id = account.app_id
        left join subscription using (app_id, watched) where account.id = ?
        """,
        account_id,
    )
    return row["url"], row["secret"]
