"""Who asks over HTTP, and what may go wrong before they are answered."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, Protocol

from litestar import Request, Response
from litestar.exceptions import HTTPException

from socialai.sandbox.failures import Call, FailureKind, Failures
from socialai.sandbox.meta import accounts, graph_errors
from socialai.sandbox.meta.edges import Place, Shown
from socialai.sandbox.meta.graph_errors import GraphError
from socialai.sandbox.meta.records import Account, App
from socialai.sandbox.meta.state import State

Asked = Request[Any, Any, Any]


class Wire(Protocol):
    """What an endpoint may do to its connection."""

    async def hold(self, request: Asked) -> None: ...

    def cut(self, request: Asked) -> None: ...


def desk_of(request: Asked) -> tuple[State, Failures, Wire]:
    state = request.app.state
    return state.sandbox, state.failures, state.wire


def account_of(request: Asked, node: str, in_body: tuple[str | None, str | None] = (None, None)) -> Account:
    """The account that the token speaks for; a token says nothing about other accounts. `in_body`: the token
    and the proof where the body carries them. GraphError."""
    state, _, _ = desk_of(request)
    token = token_of(request) or in_body[0]
    if not token:
        raise graph_errors.no_token()
    account = accounts.find_account(state, token=token)
    if account is None:
        raise graph_errors.bad_token()
    if account.ended:
        raise graph_errors.expired_token()
    proof = request.query_params.get("appsecret_proof") or in_body[1]
    _check_proof(proof, accounts.app_of(state, account).secret, token)
    if node not in ("me", account.id, account.parent):
        raise graph_errors.no_such_object(node)
    return account


def app_of(request: Asked, node: str | None = None) -> App:
    """The app whose own token this is, `app-id|app-secret`. GraphError."""
    state, _, _ = desk_of(request)
    app_id, _, secret = (token_of(request) or "").partition("|")
    app = accounts.find_app(state, app_id)
    if app is None or not hmac.compare_digest(app.secret.encode(), secret.encode()):
        raise graph_errors.bad_token()
    if node not in (None, app.id):
        raise graph_errors.no_such_object(str(node))
    return app


def token_of(request: Asked) -> str | None:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        return bearer
    given = request.query_params.get("access_token")
    return str(given) if given else None


def place_of(request: Asked, version: str, account: Account) -> Place:
    return Place(f"{str(request.base_url).rstrip('/')}/{version}", account.token)


async def serve(request: Asked, call: Call, account: Account, answer: Callable[[], Shown]) -> Response[Shown]:
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
    raise _refusal(failure, account)


def on_graph_error(_: Asked, error: GraphError) -> Response[Shown]:
    return Response(error.body(), status_code=error.status, headers=error.headers)


def on_unknown_path(request: Asked, _: HTTPException) -> Response[Shown]:
    return on_graph_error(request, graph_errors.unknown_path(request.url.path))


def _refusal(failure: FailureKind, account: Account) -> GraphError:
    if failure == "rate_limit":
        return graph_errors.rate_limit(account.parent or account.id)
    if failure == "expired_token":
        return graph_errors.expired_token()
    if failure == "temporary_block":
        return graph_errors.temporary_block()
    return graph_errors.server_error()


def _check_proof(given: str | None, secret: str, token: str) -> None:
    expected = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if given is not None and not hmac.compare_digest(given.encode(), expected.encode()):
        raise graph_errors.bad_proof()
