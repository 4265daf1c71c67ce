"""The pages before a session: sign in, sign out, and the first-run set-up."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from msgspec import Meta, Struct

from socialai.actions import welcome
from socialai.errors import Conflict, HubError, InvalidInput, NotAllowed, NotSignedIn, TooManyTries
from socialai.routes.access import Asked, Connection, hub
from socialai.routes.sign_in import COOKIE, address, session_cookie, session_token
from socialai.security import accounts, set_up
from socialai.security.sign_in import HalfIn, finish_sign_in, open_session, sign_in
from socialai.store import sessions, tenants

_Short = Annotated[str, Meta(max_length=320)]
_Long = Annotated[str, Meta(max_length=2000)]


class LoginForm(Struct):
    email: _Short = ""
    password: _Long = ""
    next: _Long = "/"


class CodeForm(Struct):
    """`half` is the sign-in that waits for the code."""

    half: _Short = ""
    code: _Short = ""
    next: _Long = "/"


class SetUpForm(Struct):
    token: _Short = ""
    business: _Short = ""
    name: _Short = ""
    email: _Short = ""
    password: _Long = ""


@get("/login", sync_to_thread=True)
def login_page(request: Asked, next: FromQuery[_Long] = "/") -> Response[Any]:
    if accounts.needs_set_up(hub(request).gate):
        return Redirect("/setup", status_code=303)
    return _login(LoginForm(next=next))


@post("/login", sync_to_thread=True)
def log_in(request: Asked, data: URLEncodedBody[LoginForm]) -> Response[Any]:
    try:
        entered = sign_in(hub(request).gate, data.email, data.password, address(request))
    except (NotSignedIn, TooManyTries) as error:
        return _login(data, error)
    if isinstance(entered, HalfIn):
        return _code(CodeForm(half=entered.token, next=data.next))
    return _enter(request, entered.session_token, _local(data.next))


@post("/login/code", sync_to_thread=True)
def log_in_with_code(request: Asked, data: URLEncodedBody[CodeForm]) -> Response[Any]:
    try:
        entered = finish_sign_in(hub(request).gate, data.half, data.code, address(request))
    except (NotSignedIn, TooManyTries) as error:
        return _code(data, error)
    except Conflict as error:
        return _login(LoginForm(next=data.next), error)
    return _enter(request, entered.session_token, _local(data.next))


@post("/logout", sync_to_thread=True)
def log_out(request: Asked) -> Response[Any]:
    if token := session_token(request):
        hub(request).files.app.write(lambda db: sessions.delete(db, token))
    response = Redirect("/login", status_code=303)
    response.delete_cookie(COOKIE)
    return response


@get("/setup", sync_to_thread=True)
def set_up_page(request: Asked, token: FromQuery[_Short] = "") -> Response[Any]:
    if not accounts.needs_set_up(hub(request).gate):
        return Redirect("/login", status_code=303)
    form = SetUpForm(token=token)
    try:
        set_up.check_token(hub(request).settings.data_dir, token, hub(request).clock())
    except NotAllowed as error:
        return _set_up(form, error)
    return _set_up(form)


@post("/setup", sync_to_thread=True)
def make_set_up(request: Asked, data: URLEncodedBody[SetUpForm]) -> Response[Any]:
    app = hub(request)
    tenant_id = tenants.suggest_id(data.business)
    try:
        set_up.check_token(app.settings.data_dir, data.token, app.clock())
        owner = accounts.set_up(app.gate, tenant_id, data.business, data.email, data.name, data.password)
    except (NotAllowed, InvalidInput, Conflict) as error:
        return _set_up(data, error)
    app.files.create(tenant_id)
    welcome.begin(app, tenant_id)
    set_up.drop_token(app.settings.data_dir)
    return _enter(request, open_session(app.gate, owner).session_token, "/")


def _login(form: LoginForm, error: HubError | None = None) -> Response[Any]:
    return _refused("login/page.html", {"email": form.email, "next": _local(form.next)}, error)


def _code(form: CodeForm, error: HubError | None = None) -> Response[Any]:
    return _refused("login/code.html", {"half": form.half, "next": _local(form.next)}, error)


def _refused(template: str, context: dict[str, str], error: HubError | None) -> Response[Any]:
    status = 200 if error is None else 429 if isinstance(error, TooManyTries) else 401
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, TooManyTries) else {}
    return Template(template, context={"error": error, **context}, status_code=status, headers=headers)


def _set_up(form: SetUpForm, error: HubError | None = None) -> Response[Any]:
    """What was entered stays in the form, but for the password."""
    status = 200 if error is None else 403 if isinstance(error, NotAllowed) else 400
    context = {"error": error, "form": form, "is_token_wrong": isinstance(error, NotAllowed)}
    return Template("setup/page.html", context=context, status_code=status)


def _enter(connection: Connection, token: str, where: str) -> Response[Any]:
    response = Redirect(where, status_code=303)
    response.set_cookie(session_cookie(connection, token))
    return response


def _local(path: str) -> str:
    """A path on this hub, else the start: nobody is sent elsewhere by a link to our sign-in page."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else "/"


ENTRANCE = [login_page, log_in, log_in_with_code, set_up_page, make_set_up]
"""Before anyone is signed in."""
