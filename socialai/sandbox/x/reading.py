"""What the account may read: who people are, its private messages, posts and mentions, page by page."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from litestar import get
from litestar.params import FromPath

from socialai.sandbox.x import acts, problems, shapes
from socialai.sandbox.x.asking import Asked, Shown, answered, as_account
from socialai.sandbox.x.records import Direct, Post
from socialai.sandbox.x.state import State


@get("/2/users/me")
async def me(request: Asked) -> Shown:
    state = as_account(request)
    return await answered(request, "read", lambda: {"data": shapes.user(state.shop)})


@get("/2/users/{number:str}")
async def person(request: Asked, number: FromPath[str]) -> Shown:
    state = as_account(request)
    if number not in state.people:
        raise problems.not_found()
    return await answered(request, "read", lambda: {"data": shapes.user(state.people[number])})


@get("/2/dm_events")
async def messages(request: Asked) -> Shown:
    state = as_account(request)
    return await answered(request, "read", lambda: _directs(request, state.directs))


@get("/2/dm_conversations/with/{contact:str}/dm_events")
async def conversation(request: Asked, contact: FromPath[str]) -> Shown:
    state = as_account(request)
    found = [each for each in state.directs if contact in (each.sender, each.recipient)]
    return await answered(request, "read", lambda: _directs(request, found))


@get("/2/users/{number:str}/tweets")
async def posts(request: Asked, number: FromPath[str]) -> Shown:
    state = as_account(request)
    return await answered(request, "read", lambda: _posts(request, state, lambda one: one.author == number))


@get("/2/users/{number:str}/mentions")
async def mentions(request: Asked, number: FromPath[str]) -> Shown:
    state = as_account(request)

    def named(one: Post) -> bool:
        asked = state.find(one.answers or "")
        told = acts.names_shop(state, one) or (asked is not None and asked.author == number)
        return one.author != number and told

    return await answered(request, "read", lambda: _posts(request, state, named))


HANDLERS = (me, person, messages, conversation, posts, mentions)


def _directs(request: Asked, found: Sequence[Direct]) -> Shown:
    return _page(request, [shapes.direct(each) for each in found])


def _posts(request: Asked, state: State, wanted: Callable[[Post], bool]) -> Shown:
    since = int(request.query_params.get("since_id", 0))
    found = (one for one in state.posts if wanted(one) and not one.deleted and int(one.id) > since)
    return _page(request, [shapes.post(state, one) for one in found])


def _page(request: Asked, found: Iterable[dict[str, Any]]) -> Shown:
    """Newest first; the token of a page is how many came before it."""
    newest = sorted(found, key=lambda one: int(one["id"]), reverse=True)
    size = int(request.query_params.get("max_results", 100))
    start = int(request.query_params.get("pagination_token", 0))
    page, meta = newest[start : start + size], {"result_count": len(newest[start : start + size])}
    more = {"next_token": str(start + size)} if len(newest) > start + size else {}
    return {**({"data": page} if page else {}), "meta": {**meta, **more}}
