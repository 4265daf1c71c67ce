"""One of the tenant's own intents: its name, what it calls for, its examples."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody

from socialai.actions import intents as actions
from socialai.domain.custom_intent import LEAST_EXAMPLES
from socialai.errors import Conflict, HubError, InvalidInput
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.intents import HANDLINGS, handling_of, lines, picked
from socialai.routes.pages.render import go, page
from socialai.routes.paging import Id
from socialai.store import custom_intents

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
STEP = 100


@get("/intents/{intent_id:int}", opt=_READ, sync_to_thread=True)
def intent(request: Asked, intent_id: Id, shown: FromQuery[int] = STEP) -> Response[Any]:
    return _page(request, intent_id, shown=shown)


@post("/intents/{intent_id:int}", opt=_WRITE, status_code=200, sync_to_thread=True)
def save_intent(request: Asked, intent_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    name = form.text(data, "name")
    try:
        actions.change(hub(request), request.user, intent_id, name, handling_of(data))
    except (InvalidInput, Conflict) as error:
        return _page(request, intent_id, name_error=error)
    return go(request, f"/intents/{intent_id}")


@post("/intents/{intent_id:int}/examples", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_examples(request: Asked, intent_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    try:
        actions.add_examples(hub(request), request.user, intent_id, lines(data), picked(data))
    except (InvalidInput, Conflict) as error:
        return _page(request, intent_id, examples_error=error, examples=form.text(data, "examples"))
    return go(request, f"/intents/{intent_id}#examples")


@post(
    "/intents/{intent_id:int}/examples/{example_id:int}/delete",
    opt=_WRITE,
    status_code=200,
    sync_to_thread=True,
)
def remove_example(request: Asked, intent_id: Id, example_id: Id) -> Response[Any]:
    actions.remove_example(hub(request), request.user, intent_id, example_id)
    return go(request, f"/intents/{intent_id}#examples")


@post("/intents/{intent_id:int}/delete", opt=_WRITE, status_code=200, sync_to_thread=True)
def delete_intent(request: Asked, intent_id: Id) -> Response[Any]:
    actions.remove(hub(request), request.user, intent_id)
    return go(request, "/intents")


def _page(
    request: Asked,
    intent_id: int,
    *,
    shown: int = STEP,
    name_error: HubError | None = None,
    examples_error: HubError | None = None,
    examples: str = "",
) -> Response[Any]:
    shown = min(5000, max(STEP, shown))
    file = database(request)
    found = file.read(lambda db: custom_intents.get(db, intent_id))
    report = actions.report(hub(request), request.user)
    context = {
        "intent": found,
        "examples": file.read(lambda db: custom_intents.examples(db, intent_id, limit=shown)),
        "shown": shown,
        "mistaken": {each.example_id: each for each in report.confusions} if report else {},
        "score": next((each for each in report.scores if each.id == intent_id), None) if report else None,
        "handlings": HANDLINGS,
        "least": LEAST_EXAMPLES,
        "name_error": str(name_error or ""),
        "examples_error": str(examples_error or ""),
        "entered": examples,
    }
    wrong = name_error or examples_error
    return page(request, "intents/intent.html", found.name, context, 400 if wrong else 200)


HANDLERS = [intent, save_intent, add_examples, remove_example, delete_intent]
