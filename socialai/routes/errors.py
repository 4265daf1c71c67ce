"""Errors as answers: a problem (RFC 9457) for programs, a page for people, a toast for htmx."""

import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.enums import ParamType
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template
from litestar.types import ExceptionHandlersMap
from msgspec import UNSET, Struct, UnsetType

from socialai import errors, log
from socialai.errors import HubError, NotSignedIn, TooManyTries
from socialai.routes.access import Asked
from socialai.routes.headers import PRIVATE_HEADERS

PROBLEM_JSON = "application/problem+json"


class Mistake(Struct, frozen=True):
    """One thing that is wrong with what was sent: where, and why."""

    field: str
    message: str
    source: str = "body"


class Problem(Struct, frozen=True):
    """RFC 9457. `type` is stable; `instance` is found in the hub's log."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[Mistake, ...] | UnsetType = UNSET
    outcome: str | UnsetType = UNSET
    """Of a platform's refusal: retry, reauthorise, permanent or unknown."""

    @property
    def trace_id(self) -> str:
        return self.instance.rpartition(":")[2]


_HUB: Mapping[type[HubError], tuple[int, str]] = {
    errors.InvalidInput: (400, "This cannot be accepted"),
    errors.TooLarge: (413, "Too large"),
    errors.SignatureError: (401, "Not authentic"),
    errors.NotSignedIn: (401, "Not signed in"),
    errors.NotAllowed: (403, "Not allowed"),
    errors.NotFound: (404, "Not found"),
    errors.Conflict: (409, "Changed meanwhile"),
    errors.TooManyTries: (429, "Too many tries"),
    errors.StoreError: (503, "The database cannot be used"),
    errors.StoreBusy: (503, "The database is busy"),
    errors.DiskFull: (503, "The disk is full"),
    errors.ParseError: (400, "Not understood"),
    errors.ModelError: (503, "A model could not do its work"),
    errors.Overloaded: (503, "Too much at once"),
    errors.DeliveryError: (502, "The platform did not take it"),
}
_RETRY_AFTER: Mapping[type[HubError], int] = {errors.StoreBusy: 2, errors.DiskFull: 60, errors.Overloaded: 2}
_PLAIN: Mapping[int, tuple[str, str]] = {
    400: ("invalid-input", "This cannot be accepted"),
    401: ("not-signed-in", "Not signed in"),
    403: ("not-allowed", "Not allowed"),
    404: ("not-found", "Not found"),
    413: ("too-large", "Too large"),
}
_PROGRAMS = ("/api/", "/schema", "/.well-known/", "/webhooks/", "/widget/", "/health", "/ready", "/metrics")


def handlers() -> ExceptionHandlersMap:
    return {
        HubError: _answer_hub,
        HTTPException: _answer_http,
        RecursionError: _answer_nested,
        Exception: _answer_unexpected,
    }


def _answer_hub(request: Asked, error: HubError) -> Response[Any]:
    known = next((kind for kind in type(error).__mro__ if kind in _HUB), None)
    if known is None:
        return _answer_unexpected(request, error)
    if isinstance(error, NotSignedIn) and not _is_program(request):
        return _to_login(request)
    status, title = _HUB[known]
    outcome = error.outcome if isinstance(error, errors.DeliveryError) else UNSET
    problem = Problem(_urn(_slug(known)), title, status, str(error), _instance(), outcome=outcome)
    return _answer(request, problem, _hub_headers(error))


def _answer_http(request: Asked, error: HTTPException) -> Response[Any]:
    if error.status_code >= 500:
        return _answer_unexpected(request, error)
    phrase = HTTPStatus(error.status_code).phrase
    slug, title = _PLAIN.get(error.status_code, (phrase.lower().replace(" ", "-"), phrase))
    mistakes = _mistakes(error.extra)
    detail = "Some of it is missing or wrong; `errors` says what." if mistakes else _detail(error)
    problem = Problem(_urn(slug), title, error.status_code, detail, _instance(), errors=mistakes or UNSET)
    return _answer(request, problem, error.headers or {})


def _answer_nested(request: Asked, _error: RecursionError) -> Response[Any]:
    """Nothing of ours recurses: it is the body, nested deeper than the decoder goes."""
    return _answer_hub(request, errors.InvalidInput("This is nested too deeply."))


def _answer_unexpected(request: Asked, error: Exception) -> Response[Any]:
    detail = "Something went wrong in the hub. Its log says more under this id."
    problem = Problem(_urn("unexpected"), "Unexpected error", 500, detail, _instance())
    log.get().error(
        "request failed",
        exc_info=error,
        trace_id=problem.trace_id,
        method=request.scope["method"],
        route=request.scope.get("path_template"),
        error=type(error).__name__,
    )
    return _answer(request, problem, {})


def _answer(request: Asked, problem: Problem, headers: Mapping[str, str]) -> Response[Any]:
    merged = {**PRIVATE_HEADERS, **headers}
    if _is_program(request):
        if problem.status == 401:
            merged["www-authenticate"] = "Bearer"
        return Response(problem, status_code=problem.status, media_type=PROBLEM_JSON, headers=merged)
    template = "errors/page.html"
    if "hx-request" in request.headers:
        merged |= {"hx-retarget": "#toasts", "hx-reswap": "afterbegin"}
        template = "errors/_toast.html"
    return Template(template, context={"problem": problem}, status_code=problem.status, headers=merged)


def _to_login(request: Asked) -> Response[Any]:
    """Back to where they were, if that is a page they can load again."""
    if "hx-request" in request.headers:
        return Response(b"", status_code=401, headers={**PRIVATE_HEADERS, "hx-redirect": "/login"})
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    again = f"?next={quote(here)}" if request.method in ("GET", "HEAD") and here != "/" else ""
    return Redirect(f"/login{again}", status_code=303, headers=dict(PRIVATE_HEADERS))


def _is_program(request: Asked) -> bool:
    path, accept = request.scope["path"], request.headers.get("accept", "")
    return (
        path.startswith(_PROGRAMS)
        or "authorization" in request.headers
        or ("json" in accept and "text/html" not in accept)
    )


def _hub_headers(error: HubError) -> dict[str, str]:
    if isinstance(error, TooManyTries):
        return {"retry-after": str(error.retry_after)}
    return {"retry-after": str(seconds)} if (seconds := _RETRY_AFTER.get(type(error))) else {}


def _mistakes(extra: Any) -> tuple[Mistake, ...]:
    if not isinstance(extra, list):
        return ()
    return tuple(
        Mistake(str(mistake.get("key", "")), str(mistake.get("message", "")), _source(mistake.get("source")))
        for mistake in extra
        if isinstance(mistake, dict)
    )


def _source(given: Any) -> str:
    return given.value if isinstance(given, ParamType) else "body"


def _detail(error: HTTPException) -> str:
    return "There is nothing at this address." if error.status_code == 404 else error.detail


def _slug(kind: type[HubError]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


def _urn(slug: str) -> str:
    return f"urn:socialai:{slug}"


def _instance() -> str:
    return f"urn:socialai:trace:{secrets.token_hex(8)}"
