"""The tenant's own intents: how well they are told apart, trying them out, new ones by hand or as a sheet."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import MultipartBody, QueryParameter, URLEncodedBody

from socialai.actions import intents as actions
from socialai.domain.custom_intent import LEAST_EXAMPLES, Handling
from socialai.errors import Conflict, HubError, InvalidInput, ModelError, NotFound
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.inbox_list import number
from socialai.routes.pages.render import Context, go, is_partial, page, part
from socialai.store import custom_intents, messages

_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")
_Words = Annotated[str, QueryParameter(max_length=4000)]
_FOUND = 20

HANDLINGS: dict[Handling, tuple[str, str]] = {
    "usual": ("As usual", "Your rules decide, as for any other message."),
    "escalate": ("A person, always", "The assistant writes a draft at most; somebody of your team answers."),
    "auto": ("May answer by itself", "Where a channel is in automatic mode and the answer is well founded."),
}


@get("/intents", opt=_READ, sync_to_thread=True)
def intents(request: Asked) -> Response[Any]:
    context = overview(request)
    if is_partial(request):
        return part("intents/_intents.html", context)
    return page(request, "intents", "Intents", context)


@get("/intents/try", opt=_READ, sync_to_thread=True)
def try_intents(request: Asked, q: _Words = "") -> Response[Any]:
    try:
        found = actions.sort(hub(request), request.user, q) if q.strip() else None
    except ModelError as error:
        return part("intents/_tried.html", {"tried": None, "error": str(error)})
    return part("intents/_tried.html", {"tried": found, "error": ""})


@post("/intents/train", opt=_WRITE, status_code=200, sync_to_thread=True)
def train(request: Asked) -> Response[Any]:
    actions.train(hub(request), request.user)
    return (
        part("intents/_intents.html", overview(request)) if is_partial(request) else go(request, "/intents")
    )


@post("/intents/files", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_sheet(request: Asked, data: MultipartBody[dict[str, Any]]) -> Response[Any]:
    try:
        made = actions.add_sheet(hub(request), request.user, _sheet(data))
    except (InvalidInput, Conflict) as error:
        if not is_partial(request):
            raise
        return part("intents/_uploaded.html", {"error": str(error), "made": []})
    return (
        part("intents/_uploaded.html", {"error": "", "made": made})
        if is_partial(request)
        else go(request, "/intents")
    )


@get("/intents/messages", opt=_WRITE, sync_to_thread=True)
def find_messages(request: Asked, q: _Words = "") -> Response[Any]:
    """What people wrote, to choose examples from."""
    longest = custom_intents.MAX_TEXT
    found = database(request).read(lambda db: messages.search(db, q.strip(), _FOUND, longest))
    return part("intents/_found.html", {"found": found, "words": q.strip()})


@get("/intents/new", opt=_WRITE, sync_to_thread=True)
def new_intent(request: Asked) -> Response[Any]:
    return _form(request, {"name": "", "handling": "usual", "examples": ""})


@post("/intents", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_intent(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    name, handling = form.text(data, "name"), handling_of(data)
    try:
        made = actions.add(hub(request), request.user, name, handling, lines(data), picked(data))
    except (InvalidInput, Conflict, NotFound) as error:
        entered = {"name": name, "handling": handling, "examples": form.text(data, "examples")}
        return _form(request, entered, error, picked(data))
    return go(request, f"/intents/{made.id}")


def overview(request: Asked) -> Context:
    training = actions.training(hub(request), request.user)
    scores = {score.id: score for score in training.report.scores} if training.report else {}
    known = database(request).read(custom_intents.intents)
    return {
        "intents": known,
        "ids": {intent.name: intent.id for intent in known},
        "training": training,
        "scores": scores,
        "handlings": HANDLINGS,
        "least": LEAST_EXAMPLES,
    }


def lines(data: form.Values) -> list[str]:
    """One example a line."""
    return [line.strip() for line in form.text(data, "examples").split("\n") if line.strip()]


def picked(data: form.Values) -> list[int]:
    return [found for text in form.several(data, "message_ids") if (found := number(text)) is not None]


def handling_of(data: form.Values) -> Handling:
    """InvalidInput for a word that is none."""
    given = form.text(data, "handling")
    found: Handling | None = next((handling for handling in HANDLINGS if handling == given), None)
    if found is None:
        raise InvalidInput("Choose what such a message calls for.")
    return found


def _form(
    request: Asked, entered: dict[str, str], error: HubError | None = None, chosen: list[int] | None = None
) -> Response[Any]:
    kept = database(request).read(lambda db: messages.by_ids(db, chosen or []))
    context = {"entered": entered, "error": str(error or ""), "picked": kept, "handlings": HANDLINGS}
    return page(request, "intents/form.html", "New intent", context, 400 if error else 200)


def _sheet(data: form.Values) -> bytes:
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidInput("Choose a file first.")
    return file.file.read()


HANDLERS = [intents, try_intents, train, add_sheet, find_messages, new_intent, add_intent]
