"""The kept comments under what accounts said to everybody."""

import secrets

import msgspec
from msgspec import Struct

from socialai.sandbox.meta.records import Account, Post
from socialai.sandbox.meta.state import State, to_record


class Comment(Struct, frozen=True):
    """`author` is a person's id or the account's; `parent_id` the comment it answers, None: the post;
    `answered`: in private, which may be done once."""

    id: str
    account_id: str
    post_id: str
    author: str
    name: str
    text: str
    at: int
    parent_id: str | None = None
    seq: int = 0
    hidden: bool = False
    deleted: bool = False
    answered: bool = False


def new_id(account: Account, post_id: str) -> str:
    number = str(secrets.randbelow(9 * 10**14) + 10**14)
    return f"{post_id.partition('_')[2]}_{number}" if account.watched == "page" else f"178{number}"


def posts(state: State, account_id: str) -> list[Post]:
    """The newest last."""
    rows = state.rows("select id, account_id, text from post where account_id = ? order by rowid", account_id)
    return [to_record(row, Post) for row in rows]


def keep(state: State, comment: Comment) -> None:
    with state.writing() as db:
        db.execute(
            """
            insert into comment (id, account_id, post_id, parent_id, author, name, text, at)
            values (:id, :account_id, :post_id, :parent_id, :author, :name, :text, :at)
            """,
            msgspec.to_builtins(comment),
        )


def find(state: State, account_id: str, comment_id: str) -> Comment | None:
    found = _select(state, "account_id = ? and id = ? and deleted = 0", account_id, comment_id)
    return found[0] if found else None


def last_of(state: State, account_id: str, author: str) -> Comment | None:
    found = _select(state, "account_id = ? and author = ? and deleted = 0", account_id, author)
    return found[-1] if found else None


def answer_to(state: State, account_id: str, author: str) -> Comment | None:
    """The account's last answer to a comment of this person."""
    where = """
        account_id = ? and author = account_id and deleted = 0
        and parent_id in (select id from comment where author = ?)
    """
    found = _select(state, where, account_id, author)
    return found[-1] if found else None


def under(state: State, account_id: str, node: str) -> list[Comment]:
    """All under a post, or the answers to a comment; the oldest first."""
    where = "account_id = ? and (post_id = ? or parent_id = ?) and deleted = 0"
    return _select(state, where, account_id, node, node)


def everything(state: State) -> list[Comment]:
    return _select(state, "1")


def change(state: State, comment: Comment) -> None:
    with state.writing() as db:
        db.execute(
            """
            update comment set text = :text, hidden = :hidden, deleted = :deleted, answered = :answered
            where id = :id
            """,
            msgspec.to_builtins(comment),
        )


def _select(state: State, where: str, *values: object) -> list[Comment]:
    return [
        to_record(row, Comment)
        for row in state.rows(f"select * from comment where {where} order by seq", *values)
    ]
