"""Apps, accounts and people: who is known, and who may speak for whom."""

import secrets

import msgspec

from socialai.errors import InvalidInput
from socialai.sandbox.meta.records import Account, App, Person, Watched
from socialai.sandbox.meta.state import State, to_record

_ACCOUNT = "id, token, name, app_id, watched, handle, parent, ended"


def find_account(state: State, *, id: str | None = None, token: str | None = None) -> Account | None:
    row = state.row(f"select {_ACCOUNT} from account where id = ? or token = ?", id, token)
    return to_record(row, Account) if row else None


def account_named(state: State, account_id: str | None) -> Account:
    """None: the first one. InvalidInput."""
    account = find_account(state, id=account_id) if account_id else accounts(state)[0]
    if account is None:
        raise InvalidInput(f"There is no account {account_id}.")
    return account


def first_of(state: State, watched: Watched) -> Account:
    return next(each for each in accounts(state) if each.watched == watched)


def accounts(state: State) -> list[Account]:
    return [to_record(row, Account) for row in state.rows(f"select {_ACCOUNT} from account order by rowid")]


def find_app(state: State, app_id: str) -> App | None:
    row = state.row("select id, secret, name from app where id = ?", app_id)
    return to_record(row, App) if row else None


def app_of(state: State, account: Account) -> App:
    (row,) = state.rows("select id, secret, name from app where id = ?", account.app_id)
    return to_record(row, App)


def end_token(state: State, account_id: str) -> None:
    """It is not accepted any more; whoever signs in again gets another."""
    with state.writing() as db:
        db.execute("update account set ended = 1 where id = ?", (account_id,))


def fresh_token(state: State, account: Account) -> str:
    """The account's token, a new one when it ended."""
    if not account.ended:
        return account.token
    token = f"sandbox-{secrets.token_urlsafe(18)}"
    with state.writing() as db:
        db.execute("update account set ended = 0, token = ? where id = ?", (token, account.id))
    return token


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
