"""What is said and done in public: it is kept and the hub is told, together."""

from typing import Literal

import msgspec
from msgspec import Struct

from socialai.errors import InvalidInput
from socialai.sandbox.meta import comment_events, comments, deliveries, graph_errors
from socialai.sandbox.meta.accounts import account_named, find_person, keep_person
from socialai.sandbox.meta.comments import Comment
from socialai.sandbox.meta.messages import DAY_MS
from socialai.sandbox.meta.records import Account, Person
from socialai.sandbox.meta.state import State

_FIELD = {"page": "feed", "instagram": "comments"}
_LIMIT = {"page": 8000, "instagram": 2200}


class Remark(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing a person does in public: a comment under `post` (by its place, the newest is -1), an answer
    to a comment (`reply_to`), or a change of one (`edit`, `remove`). A comment is named by its id, "last"
    (the person's own last one) or "answer" (the account's last answer to them).
    """

    text: str = ""
    post: int = -1
    reply_to: str | None = None
    edit: str | None = None
    remove: str | None = None


def comment(state: State, who: str, name: str, remark: Remark, account_id: str | None = None) -> str:
    """The comment's id, or InvalidInput."""
    account = account_named(state, account_id)
    with state.writing():
        if find_person(state, who) is None:
            keep_person(state, Person(psid=who, name=name))
        if remark.edit or remark.remove:
            return _alter(state, account, who, remark)
        parent = _named(state, account, who, remark.reply_to) if remark.reply_to else None
        post_id = parent.post_id if parent else comments.posts(state, account.id)[remark.post].id
        return _say(state, account, who, name, remark.text, post_id, parent).id


def answer(state: State, account: Account, node: str, text: str) -> str:
    """The account answers a comment, or says something under a post; GraphError."""
    if not text or len(text) > _LIMIT[account.watched]:
        raise graph_errors.bad_parameter("Param message must be a non-empty value of allowed length")
    parent = comments.find(state, account.id, node)
    # Instagram puts an answer to an answer under the comment that began it.
    if parent and parent.parent_id and account.watched == "instagram":
        parent = comments.find(state, account.id, parent.parent_id)
    if parent is None and node not in {post.id for post in comments.posts(state, account.id)}:
        raise graph_errors.no_such_object(node)
    with state.writing():
        post_id = parent.post_id if parent else node
        return _say(state, account, account.id, account.name, text, post_id, parent).id


def moderate(
    state: State, account: Account, node: str, *, text: str | None = None, hidden: bool | None = None
) -> None:
    """The account changes its own comment, or hides one of somebody else; GraphError."""
    found = comments.find(state, account.id, node)
    if found is None:
        raise graph_errors.no_such_object(node)
    own = found.author == account.id
    if (text is not None and not own) or (hidden is not None and own):
        raise graph_errors.no_permission()
    if text is not None:
        _change(state, account, msgspec.structs.replace(found, text=text), "edited")
    elif hidden is not None and hidden != found.hidden:
        changed = msgspec.structs.replace(found, hidden=hidden)
        _change(state, account, changed, "hide" if hidden else "unhide")


def remove(state: State, account: Account, node: str) -> None:
    """GraphError when it is not there, or no longer."""
    found = comments.find(state, account.id, node)
    if found is None:
        raise graph_errors.no_such_object(node)
    _change(state, account, msgspec.structs.replace(found, deleted=True), "remove")


def take_private_answer(state: State, account: Account, comment_id: str) -> str:
    """Whom a private answer goes to; once, within seven days. GraphError."""
    found = comments.find(state, account.id, comment_id)
    if found is None or found.author == account.id:
        raise graph_errors.no_such_object(comment_id)
    if found.answered:
        raise graph_errors.already_answered()
    if state.now() - found.at > 7 * DAY_MS:
        raise graph_errors.outside_window()
    comments.change(state, msgspec.structs.replace(found, answered=True))
    return found.author


def _say(
    state: State, account: Account, who: str, name: str, text: str, post_id: str, parent: Comment | None
) -> Comment:
    said = Comment(
        id=comments.new_id(account, post_id),
        account_id=account.id,
        post_id=post_id,
        author=who,
        name=name,
        text=text,
        at=state.now(),
        parent_id=parent.id if parent else None,
    )
    comments.keep(state, said)
    _tell(state, account, said, "add")
    return said


def _alter(state: State, account: Account, who: str, remark: Remark) -> str:
    found = _named(state, account, who, remark.edit or remark.remove or "")
    if remark.edit:
        _change(state, account, msgspec.structs.replace(found, text=remark.text), "edited")
    else:
        _change(state, account, msgspec.structs.replace(found, deleted=True), "remove")
    return found.id


def _change(
    state: State, account: Account, changed: Comment, verb: Literal["edited", "remove", "hide", "unhide"]
) -> None:
    """Instagram tells nobody of changes."""
    with state.writing():
        comments.change(state, changed)
        if account.watched == "page":
            _tell(state, account, changed, verb)


def _tell(state: State, account: Account, said: Comment, verb: str) -> None:
    value = comment_events.value(account, said, verb)
    deliveries.tell_change(state, account, _FIELD[account.watched], value)


def _named(state: State, account: Account, who: str, name: str) -> Comment:
    if name == "last":
        found = comments.last_of(state, account.id, who)
    elif name == "answer":
        found = comments.answer_to(state, account.id, who)
    else:
        found = comments.find(state, account.id, name)
    if found is None:
        raise InvalidInput(f"There is no comment {name!r} that {who} could mean.")
    return found
