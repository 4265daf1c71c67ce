"""The Bot API over HTTP: who asks, what may go wrong, what is answered."""

from typing import Any, Protocol

import msgspec
from litestar import Request, Response, get, route
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from socialai.sandbox.failures import Call, FailureKind
from socialai.sandbox.telegram import untaken
from socialai.sandbox.telegram.methods import METHODS, ApiError, Arguments
from socialai.sandbox.telegram.records import Bot
from socialai.sandbox.telegram.state import State

Asked = Request[Any, Any, Any]
Shown = dict[str, Any]
_CALLS: dict[str, Call] = {"sendmessage": "send", "sendchataction": "typing"}
_RETRY_AFTER = 7


class Wire(Protocol):
    """What an endpoint may do to its connection."""

    async def hold(self, request: Asked) -> None: ...

    def cut(self, request: Asked) -> None: ...


@route("/{bot:str}/{method:str}", http_method=["GET", "POST"], status_code=200)
async def call(request: Asked, bot: FromPath[str], method: FromPath[str]) -> Response[Shown]:
    state, known = _state(request), _bot(request, bot)
    name, asked = method.lower(), await _arguments(request)
    if name == "getupdates":
        return Response({"ok": True, "result": await sync_to_thread(_updates, state, known, asked)})
    if name not in METHODS:
        raise ApiError(404, "Not Found: method not found")
    failure = request.app.state.failures.take(_CALLS.get(name, "read"))
    if failure is None:
        return Response({"ok": True, "result": METHODS[name](state, known, asked)})
    return await _fail(request, failure, lambda: METHODS[name](state, known, asked))


@get("/file/{bot:str}/{path:path}")
async def download(request: Asked, bot: FromPath[str], path: FromPath[str]) -> Response[bytes]:
    _bot(request, bot)
    files = _state(request).files.values()
    found = next((file for file in files if file.path == str(path).lstrip("/")), None)
    if found is None:
        raise ApiError(404, "Not Found")
    return Response(found.content, media_type="application/octet-stream")


def on_api_error(_: Asked, error: ApiError) -> Response[Shown]:
    return Response(error.body(), status_code=error.code)


def on_unknown_path(request: Asked, _: HTTPException) -> Response[Shown]:
    return on_api_error(request, ApiError(404, "Not Found"))


HANDLERS = (call, download)


async def _fail(request: Asked, failure: FailureKind, act: Any) -> Response[Shown]:
    wire: Wire = request.app.state.wire
    if failure == "timeout_after_accepting":
        act()
        await wire.hold(request)
    if failure == "timeout_before_accepting":
        await wire.hold(request)
    if failure == "broken_connection":
        wire.cut(request)
    raise _refusal(failure)


def _refusal(failure: FailureKind) -> ApiError:
    if failure == "rate_limit":
        return ApiError(429, f"Too Many Requests: retry after {_RETRY_AFTER}", retry_after=_RETRY_AFTER)
    if failure == "expired_token":
        return ApiError(401, "Unauthorized")
    if failure == "temporary_block":
        return ApiError(403, "Forbidden: bot was blocked by the user")
    return ApiError(500, "Internal Server Error")


def _updates(state: State, bot: Bot, asked: Arguments) -> list[Shown]:
    """Wait for some; whoever asks meanwhile takes over."""
    with state.changing():
        if state.webhooks[bot.id].url:
            said = "can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
            raise ApiError(409, f"Conflict: {said}")
        state.polling[bot.id] = mine = state.polling.get(bot.id, 0) + 1
        if asked.get("allowed_updates"):
            state.webhooks[bot.id].allowed = tuple(asked["allowed_updates"])
        untaken.confirm(state, bot, int(asked.get("offset") or 0))

    def over() -> bool:
        return bool(state.updates[bot.id]) or state.polling[bot.id] != mine

    state.wait_until(over, float(asked.get("timeout") or 0))
    if state.polling[bot.id] != mine:
        said = "terminated by other getUpdates request; make sure that only one bot instance is running"
        raise ApiError(409, f"Conflict: {said}")
    return state.updates[bot.id][: int(asked.get("limit") or 100)]


def _state(request: Asked) -> State:
    state: State = request.app.state.sandbox
    return state


def _bot(request: Asked, name: str) -> Bot:
    known = _state(request).bots.get(name.removeprefix("bot")) if name.startswith("bot") else None
    if known is None:
        raise ApiError(401, "Unauthorized")
    return known


async def _arguments(request: Asked) -> Arguments:
    """In the query, as a form or as JSON; in forms what is no text is written in JSON."""
    asked: Shown = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = await request.body()
        return asked | (msgspec.json.decode(body) if body else {})
    if "form" in kind:
        asked |= dict(await request.form())
    return {name: _plain(value) for name, value in asked.items()}


def _plain(value: Any) -> Any:
    try:
        decoded = msgspec.json.decode(value) if isinstance(value, str) and value[:1] in "[{tf" else value
    except msgspec.DecodeError:
        return value
    return decoded
