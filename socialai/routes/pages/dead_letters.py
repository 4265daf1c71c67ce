"""What could not be delivered or understood: why, and one click to retry or discard it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import URLEncodedBody

from socialai.actions import dead_letters as actions
from socialai.errors import InvalidInput
from socialai.platforms.registry import PLATFORMS
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.render import go, is_partial, page, part

_READ, _WRITE = needs("dead_letters:read"), needs("dead_letters:write")


@get("/dead-letters", opt=_READ, sync_to_thread=True)
def dead_letters(request: Asked) -> Response[Any]:
    return _listed(request)


@post("/dead-letters/retry", opt=_WRITE, status_code=200, sync_to_thread=True)
def retry_letters(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    tried = sum(
        len(actions.retry(hub(request), request.user.tenant_id, kind, ids)) for kind, ids in _chosen(data)
    )
    return _done(request, f"{tried} tried again." if tried else "Nothing of it is undelivered any more.")


@post("/dead-letters/discard", opt=_WRITE, status_code=200, sync_to_thread=True)
def discard_letters(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    gone = sum(
        len(actions.discard(hub(request), request.user.tenant_id, kind, ids)) for kind, ids in _chosen(data)
    )
    return _done(request, f"{gone} discarded." if gone else "Nothing of it is undelivered any more.")


def _chosen(data: form.Values) -> list[tuple[actions.Kind, list[int]]]:
    """The check boxes 'event:3', 'outbox:5'."""
    chosen: dict[actions.Kind, list[int]] = {"event": [], "outbox": []}
    for letter in form.several(data, "letter"):
        kind, _, number = letter.partition(":")
        if kind not in ("event", "outbox") or not number.isdecimal() or len(number) > 18:
            raise InvalidInput("Choose from the list. Load the page again, then choose.")
        chosen["event" if kind == "event" else "outbox"].append(int(number))
    return [(kind, ids) for kind, ids in chosen.items() if ids]


def _done(request: Asked, message: str) -> Response[Any]:
    return _listed(request, message) if is_partial(request) else go(request, "/dead-letters")


def _listed(request: Asked, message: str = "") -> Response[Any]:
    letters = actions.dead_letters(hub(request), request.user.tenant_id)
    context = {"letters": letters, "platforms": PLATFORMS, "message": message}
    if is_partial(request):
        return part("dead_letters/_letters.html", context)
    return page(request, "dead_letters", "Undelivered", context)


HANDLERS = [dead_letters, retry_letters, discard_letters]
