"""The Graph API over HTTP: who asks, what may go wrong, what is answered."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, Protocol

from litestar import Request, Response, delete, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from socialai.sandbox.failures import Call, FailureKind, Failures
from socialai.sandbox.meta import accounts, graph_errors, sending
from socialai.sandbox.meta.fields import parse_fields
from socialai.sandbox.meta.graph_errors import GraphError
from socialai.sandbox.meta.reading import Reader
from socialai.sandbox.meta.records import ALL_FIELDS, Page
from socialai.sandbox.meta.state import State

Asked = Request[Any, Any, Any]
Shown = dict[str, Any]


class Wire(Protocol):
    """What an endpoint may do to its connection."""

    async def hold(self, request: Asked) -> None: ...

    def cut(self, request: Asked) -> None: ...


def desk_of(request: Asked) -> tuple[State, Failures, Wire]:
    state = request.app.state
    return state.sandbox, state.failures, state.wire


@post("/{version:str}/{node:str}/messages", status_code=200)
async def send(request: Asked, node: FromPath[str]) -> Response[Shown]:
    state, _, _ = desk_of(request)
    order = sending.read_order(await request.body())
    page = _page(request, node, order)
    call: Call = "typing" if order.sender_action else "send"
    return await _serve(request, call, page, lambda: sending.carry_out(state, page, order))


@get("/{version:str}/{node:str}/conversations")
async def list_conversations(request: Asked, version: FromPath[str], node: FromPath[str]) -> Response[Shown]:
    reader = _reader(request, version, _page(request, node))
    return await _serve(request, "read", reader.page, lambda: reader.conversations(request.query_params))


@get("/{version:str}/{node:str}/messages")
async def list_messages(request: Asked, version: FromPath[str], node: FromPath[str]) -> Response[Shown]:
    reader = _reader(request, version, _page(request, "me"))
    query = request.query_params
    fields = parse_fields(query.get("fields", ""))
    return await _serve(
        request, "read", reader.page, lambda: reader.messages(reader.find_conversation(node), query, fields)
    )


@get("/{version:str}/{node:str}")
async def show(request: Asked, version: FromPath[str], node: FromPath[str]) -> Response[Shown]:
    reader = _reader(request, version, _page(request, "me"))
    node = reader.page.id if node == "me" else node
    return await _serve(request, "read", reader.page, lambda: reader.node(node, request.query_params))


@get("/{version:str}/{node:str}/subscribed_apps")
async def list_subscriptions(request: Asked, node: FromPath[str]) -> Shown:
    state, _, _ = desk_of(request)
    page = _page(request, node)
    fields, app = accounts.subscribed_fields(state, page.id), accounts.app_of(state, page)
    return {"data": [{"name": app.name, "id": app.id, "subscribed_fields": list(fields)}] if fields else []}


@post("/{version:str}/{node:str}/subscribed_apps", status_code=200)
async def subscribe(request: Asked, node: FromPath[str]) -> Shown:
    state, _, _ = desk_of(request)
    page = _page(request, node)
    fields = tuple(request.query_params.get("subscribed_fields", "").split(","))
    unknown = [field for field in fields if field not in (*ALL_FIELDS, "feed")]
    if unknown:
        raise graph_errors.bad_parameter(f"Param subscribed_fields has unknown fields: {unknown}")
    accounts.subscribe(state, page.id, fields)
    return {"success": True}


@delete("/{version:str}/{node:str}/subscribed_apps", status_code=200)
async def unsubscribe(request: Asked, node: FromPath[str]) -> Shown:
    state, _, _ = desk_of(request)
    accounts.subscribe(state, _page(request, node).id, ())
    return {"success": True}


def on_graph_error(_: Asked, error: GraphError) -> Response[Shown]:
    return Response(error.body(), status_code=error.status, headers=error.headers)


def on_unknown_path(request: Asked, _: HTTPException) -> Response[Shown]:
    return on_graph_error(request, graph_errors.unknown_path(request.url.path))


HANDLERS = (send, list_conversations, list_messages, show, list_subscriptions, subscribe, unsubscribe)


async def _serve(request: Asked, call: Call, page: Page, answer: Callable[[], Shown]) -> Response[Shown]:
    """Answer, unless a failure was asked for."""
    _, failures, wire = desk_of(request)
    failure = failures.take(call)
    if failure is None:
        return Response(answer())
    if failure == "timeout_after_accepting":
        accepted = answer()
        await wire.hold(request)
        return Response(accepted)
    if failure == "timeout_before_accepting":
        await wire.hold(request)
    if failure == "broken_connection":
        wire.cut(request)
    raise _refusal(failure, page)


def _refusal(failure: FailureKind, page: Page) -> GraphError:
    if failure == "rate_limit":
        return graph_errors.rate_limit(page.id)
    if failure == "expired_token":
        return graph_errors.expired_token()
    if failure == "temporary_block":
        return graph_errors.temporary_block()
    return graph_errors.server_error()


def _page(request: Asked, node: str, order: sending.Order | None = None) -> Page:
    """The page that the token speaks for; a token says nothing about other pages."""
    state, _, _ = desk_of(request)
    token = _token(request) or (order and order.access_token)
    if not token:
        raise graph_errors.no_token()
    page = accounts.find_page(state, token=token)
    if page is None:
        raise graph_errors.bad_token()
    proof = request.query_params.get("appsecret_proof") or (order.appsecret_proof if order else None)
    _check_proof(proof, accounts.app_of(state, page).secret, token)
    if node not in ("me", page.id):
        raise graph_errors.no_such_object(node)
    return page


def _token(request: Asked) -> str | None:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        return bearer
    given = request.query_params.get("access_token")
    return str(given) if given else None


def _check_proof(given: str | None, secret: str, token: str) -> None:
    expected = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if given is not None and not hmac.compare_digest(given.encode(), expected.encode()):
        raise graph_errors.bad_proof()


def _reader(request: Asked, version: str, page: Page) -> Reader:
    state, _, _ = desk_of(request)
    return Reader(state, page, f"{str(request.base_url).rstrip('/')}/{version}")
