"""Who a request comes from: an API token or a session's cookie, and the proof that a page of ours sent it."""

from urllib.parse import urlsplit

from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from msgspec.structs import replace

from socialai.context import App
from socialai.domain.user import Session
from socialai.errors import NotAllowed, NotFound, NotSignedIn
from socialai.routes.access import Asked, Connection, hub
from socialai.security.csrf import check_csrf
from socialai.security.permissions import Principal, principal_of
from socialai.security.tokens import Claims
from socialai.store import sessions, users

COOKIE = "hub_session"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "_csrf"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SignIn(ASGIMiddleware):
    """`scope["user"]` is a Principal or None, `scope["auth"]` what proved it: Claims or a session's token."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request = Asked(scope, receive)
        scope["user"] = scope["auth"] = None
        if (bearer := _bearer(request)) is not None:
            await _by_token(request, bearer)
        elif token := request.cookies.get(COOKIE):
            send = await _by_session(request, token, send)
        await next_app(scope, receive, send)


class SameOrigin(ASGIMiddleware):
    """For the forms that come before a session: only a page of ours may send them."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request = Asked(scope, receive)
        if request.method not in _SAFE_METHODS:
            _check_origin(request)
        await next_app(scope, receive, send)


def session_cookie(connection: Connection, token: str) -> Cookie:
    """The session's cookie; the store decides when it has expired."""
    return Cookie(
        key=COOKIE,
        value=token,
        max_age=round(hub(connection).gate.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=connection.scope["scheme"] == "https",
    )


def session_token(connection: Connection) -> str | None:
    """The token of the session that the request came with."""
    auth = connection.scope.get("auth")
    return auth if isinstance(auth, str) else None


def address(connection: Connection) -> str:
    """Where the request comes from, to throttle by."""
    client = connection.client
    return client.host if client else ""


def claims(connection: Connection) -> Claims:
    auth = connection.scope.get("auth")
    if not isinstance(auth, Claims):
        raise NotSignedIn("Send the token in the header 'Authorization: Bearer …'.")
    return auth


def _bearer(connection: Connection) -> str | None:
    kind, _, text = connection.headers.get("authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else None


async def _by_token(connection: Connection, text: str) -> None:
    app = hub(connection)
    proven = app.gate.signer.verify(text)
    connection.scope["user"] = await _named(app, proven.principal)
    connection.scope["auth"] = proven


async def _named(app: App, who: Principal) -> Principal:
    """A token does not say the name, and what a person does is kept under it."""
    try:
        user = await app.files.app.aread(lambda db: users.get(db, who.tenant_id, who.user_id))
    except NotFound:
        raise NotSignedIn("The account of this token is gone. Sign in again.") from None
    return replace(who, name=user.name, email=user.email)


async def _by_session(request: Asked, token: str, send: Send) -> Send:
    app = hub(request)
    now = app.clock()
    session = await app.files.app.aread(lambda db: sessions.find(db, token, now))
    if session is None:
        return send
    request.scope["user"] = principal_of(session.user)
    request.scope["auth"] = token
    if request.method in _SAFE_METHODS:
        return await _renewed(request, token, session, send)
    _check_origin(request)
    check_csrf(token, await _given_proof(request))
    return send


async def _renewed(request: Asked, token: str, session: Session, send: Send) -> Send:
    """Slide the session's end; not on unsafe requests, which may be the sign-out itself."""
    app = hub(request)
    now, hours = app.clock(), app.gate.session_hours
    if not sessions.is_due(session, now, hours):
        return send
    await app.files.app.awrite(lambda db: sessions.renew(db, token, session, now, hours))
    cookie = session_cookie(request, token).to_header(header="")

    async def with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableScopeHeaders.from_message(message).add("set-cookie", cookie)
        await send(message)

    return with_cookie


async def _given_proof(request: Asked) -> str | None:
    if given := request.headers.get(CSRF_HEADER):
        return given
    field = (await request.form()).get(CSRF_FIELD)
    return field if isinstance(field, str) else None


def _check_origin(request: Asked) -> None:
    """Browsers say where a request comes from; what says nothing is no browser and has no one's cookie."""
    if not is_ours(request):
        raise NotAllowed("This was sent from another site. Open the hub itself and try again.")


def is_ours(request: Asked) -> bool:
    """Sent by a page of the hub, or by no browser."""
    if site := request.headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = (request.headers.get("host", ""), urlsplit(hub(request).channels.outside.url).netloc)
    return bool(netloc := _netloc(origin)) and netloc in ours


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
