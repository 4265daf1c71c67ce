"""One's own second factor: switched on by a code of the app, off by another one."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import URLEncodedBody
from msgspec import Meta, Struct

from socialai.errors import Conflict, HubError, InvalidInput, NotSignedIn, TooManyTries
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages.render import Context, go, page
from socialai.routes.sign_in import address, session_token
from socialai.security import second_factor as factor

_SELF = needs(None)
REFUSALS = (NotSignedIn, TooManyTries, Conflict, InvalidInput)


class CodeForm(Struct):
    code: Annotated[str, Meta(max_length=100)] = ""


@get("/team/second-factor", opt=_SELF, sync_to_thread=True)
def second_factor(request: Asked) -> Response[Any]:
    return _page(request)


@post("/team/second-factor", opt=_SELF, status_code=200, sync_to_thread=True)
def switch_on_second_factor(request: Asked, data: URLEncodedBody[CodeForm]) -> Response[Any]:
    try:
        codes = switch_on(request, data)
    except REFUSALS as error:
        return _page(request, error)
    return _page(request, codes=codes)


@post("/team/second-factor/anew", opt=_SELF, status_code=200, sync_to_thread=True)
def offer_second_factor_anew(request: Asked) -> Response[Any]:
    """Another secret, for who scanned the first with the wrong phone."""
    try:
        factor.offer(hub(request).gate, request.user, anew=True)
    except Conflict as error:
        return _page(request, error)
    return go(request, "/team/second-factor")


@post("/team/second-factor/off", opt=_SELF, status_code=200, sync_to_thread=True)
def switch_off_second_factor(request: Asked, data: URLEncodedBody[CodeForm]) -> Response[Any]:
    try:
        factor.switch_off(hub(request).gate, request.user, data.code, address(request))
    except REFUSALS as error:
        return _page(request, error)
    return go(request, "/team/second-factor")


@post("/team/second-factor/recovery-codes", opt=_SELF, status_code=200, sync_to_thread=True)
def renew_recovery_codes(request: Asked, data: URLEncodedBody[CodeForm]) -> Response[Any]:
    try:
        codes = factor.renew_recovery_codes(hub(request).gate, request.user, data.code, address(request))
    except REFUSALS as error:
        return _page(request, error)
    return _page(request, codes=codes)


def switch_on(request: Asked, data: CodeForm) -> tuple[str, ...]:
    """The recovery codes."""
    gate, session = hub(request).gate, session_token(request)
    return factor.switch_on(gate, request.user, data.code, address(request), session)


def shown(request: Asked, codes: tuple[str, ...] = ()) -> Context:
    """What the page and the first run show of it."""
    gate, who = hub(request).gate, request.user
    state = factor.state(gate, who)
    offer = None if state.is_on else factor.offer(gate, who, anew=False)
    return {"factor": state, "offer": offer, "codes": codes}


def _page(request: Asked, error: HubError | None = None, codes: tuple[str, ...] = ()) -> Response[Any]:
    status = 200 if error is None else 429 if isinstance(error, TooManyTries) else 400
    context = {"error": error, **shown(request, codes)}
    return page(request, "team/second_factor.html", "Second factor", context, status)


HANDLERS = [
    second_factor,
    switch_on_second_factor,
    offer_second_factor_anew,
    switch_off_second_factor,
    renew_recovery_codes,
]
