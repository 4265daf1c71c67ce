"""Posts and comments as the Graph API shows them."""

from collections.abc import Mapping
from typing import Any

from socialai.sandbox.meta import comments
from socialai.sandbox.meta.accounts import find_account
from socialai.sandbox.meta.comments import Comment
from socialai.sandbox.meta.edges import Place, Shown, edge, show, time_of
from socialai.sandbox.meta.fields import Field, parse_fields
from socialai.sandbox.meta.records import Account, Post
from socialai.sandbox.meta.state import State


def list_posts(
    state: State, place: Place, account: Account, path: str, query: Mapping[str, str]
) -> dict[str, Any]:
    """GET /{page}/published_posts and /{account}/media, newest first."""
    fields = parse_fields(query.get("fields", "id"))
    newest_first = comments.posts(state, account.id)[::-1]
    return edge(
        place, f"{account.id}/{path}", newest_first, query, lambda post: _post(state, place, post, fields)
    )


def list_comments(
    state: State, place: Place, account: Account, node: str, path: str, query: Mapping[str, str]
) -> dict[str, Any]:
    """GET /{node}/comments and /{comment}/replies."""
    fields = parse_fields(query.get("fields", "id"))
    found = comments.under(state, account.id, node)
    if query.get("order") == "reverse_chronological":
        found = found[::-1]
    return edge(place, f"{node}/{path}", found, query, lambda each: show_comment(state, place, each, fields))


def show_comment(state: State, place: Place, comment: Comment, fields: tuple[Field, ...]) -> Shown:
    account = find_account(state, id=comment.account_id)
    own = account is not None and comment.author == account.id
    username = account.handle if own and account else comment.name.lower().replace(" ", ".")
    at = time_of(comment.at)
    shown: Shown = {
        "id": comment.id,
        "message": comment.text,
        "text": comment.text,
        "username": username,
        "from": {"id": comment.author, "name": comment.name, "username": username},
        "created_time": at,
        "timestamp": at,
        "is_hidden": comment.hidden,
        "hidden": comment.hidden,
        "parent": {"id": comment.parent_id} if comment.parent_id else None,
        "parent_id": comment.parent_id,
    }
    answer = show(tuple(field for field in fields if field.name != "replies"), shown, "Comment")
    for field in fields:
        if field.name == "replies":
            answer["replies"] = _under(state, place, comment.account_id, comment.id, field)
    return {**answer, "id": comment.id}


def _post(state: State, place: Place, post: Post, fields: tuple[Field, ...]) -> Shown:
    address = f"https://www.facebook.com/{post.id}"
    shown = {"id": post.id, "message": post.text, "caption": post.text, "permalink": address}
    answer = show(tuple(field for field in fields if field.name != "comments"), shown, "Post")
    for field in fields:
        if field.name == "comments":
            answer["comments"] = _under(state, place, post.account_id, post.id, field)
    return {**answer, "id": post.id}


def _under(state: State, place: Place, account_id: str, node: str, field: Field) -> Shown:
    """With filter(stream) answers stand beside what they answer, else under it."""
    found = comments.under(state, account_id, node)
    if field.name == "comments" and field.arguments.get("filter") != "stream":
        found = [each for each in found if each.parent_id is None]
    if field.arguments.get("order") == "reverse_chronological":
        found = found[::-1]
    return edge(
        place,
        f"{node}/{field.name}",
        found,
        {**field.arguments, "fields": ",".join(map(str, field.fields))},
        lambda each: show_comment(state, place, each, field.fields),
    )
