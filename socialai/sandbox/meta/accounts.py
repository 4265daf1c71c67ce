"""Apps, pages and people: who is known, who may speak for whom, and where its app is told of it."""

import msgspec

from socialai.sandbox.meta.records import App, Page, Person
from socialai.sandbox.meta.state import State, to_record


def find_page(state: State, *, id: str | None = None, token: str | None = None) -> Page | None:
    row = state.row("select id, token, name, app_id from page where id = ? or token = ?", id, token)
    return to_record(row, Page) if row else None


def first_page(state: State) -> Page:
    (row,) = state.rows("select id, token, name, app_id from page order by rowid limit 1")
    return to_record(row, Page)


def app_of(state: State, page: Page) -> App:
    (row,) = state.rows("select id, secret, name from app where id = ?", page.app_id)
    return to_record(row, App)


def find_person(state: State, psid: str) -> Person | None:
    row = state.row("select * from person where psid = ?", psid)
    return to_record(row, Person) if row else None


def keep_person(state: State, person: Person) -> None:
    with state.writing() as db:
        db.execute(
            """
            insert or replace into person (psid, name, locale, timezone, available)
            values (:psid, :name, :locale, :timezone, :available)
            """,
            msgspec.to_builtins(person),
        )


def subscribed_fields(state: State, page_id: str) -> tuple[str, ...]:
    (row,) = state.rows("select fields from page where id = ?", page_id)
    return tuple(row["fields"].split(",")) if row["fields"] else ()


def subscribe(state: State, page_id: str, fields: tuple[str, ...]) -> None:
    with state.writing() as db:
        db.execute("update page set fields = ? where id = ?", (",".join(fields), page_id))


def set_callback(state: State, app_id: str, url: str, verify_token: str) -> None:
    with state.writing() as db:
        db.execute(
            "update app set callback_url = ?, verify_token = ? where id = ?", (url, verify_token, app_id)
        )


def callback_of(state: State, page_id: str) -> tuple[str | None, str]:
    """The URL the page's app is told at (None: not yet known) and the secret it is signed with."""
    (row,) = state.rows(
        "select callback_url, secret from app join page on page.app_id = app.id where page.id = ?", page_id
    )
    return row["callback_url"], row["secret"]
