"""The tenant's own intents: teach them by examples, train, see how well they are told apart, try them out."""

from typing import Annotated

from litestar import Router, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.params import JSONBody, MultipartBody
from msgspec import Meta, Struct

from socialai.actions import intents as actions
from socialai.actions.intents import Guessed
from socialai.domain.custom_intent import CustomIntent, Handling, IntentExample, IntentsReport
from socialai.errors import InvalidInput
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_ID, Cursor, Id, Limit, Page, Whole, after, page
from socialai.store import custom_intents

_Name = Annotated[str, Meta(min_length=1, max_length=custom_intents.MAX_NAME)]
_Text = Annotated[str, Meta(min_length=1, max_length=custom_intents.MAX_TEXT)]
_Texts = Annotated[list[_Text], Meta(max_length=1000)]
_Ids = Annotated[list[Whole], Meta(max_length=1000)]
_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")


class NewIntent(Struct, forbid_unknown_fields=True):
    """At least five different examples: texts, and messages that people wrote."""

    name: _Name
    handling: Handling = "usual"
    examples: _Texts = []
    message_ids: _Ids = []


class ChangedIntent(Struct, forbid_unknown_fields=True):
    name: _Name
    handling: Handling


class NewExamples(Struct, forbid_unknown_fields=True):
    examples: _Texts = []
    message_ids: _Ids = []


class Strangers(Struct, forbid_unknown_fields=True):
    """Texts that belong to none of the intents."""

    examples: _Texts


class Preview(Struct, forbid_unknown_fields=True):
    texts: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=4000)]], Meta(min_length=1, max_length=100)
    ]


class Added(Struct):
    """How many are new."""

    added: int


@get("/", opt=_READ, sync_to_thread=True)
def read_intents(request: Asked) -> Page[CustomIntent]:
    """All of them, by name."""
    return Page(database(request).read(custom_intents.intents))


@get("/report", opt=_READ, sync_to_thread=True)
def read_intents_report(request: Asked) -> IntentsReport | None:
    """How well the examples are told apart, as of the last training; null before the first."""
    return actions.report(hub(request), request.user)


@get("/{intent_id:int}", opt=_READ, sync_to_thread=True)
def read_intent(request: Asked, intent_id: Id) -> CustomIntent:
    """One intent."""
    return database(request).read(lambda db: custom_intents.get(db, intent_id))


@get("/{intent_id:int}/examples", opt=_READ, sync_to_thread=True)
def read_examples(
    request: Asked, intent_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[IntentExample]:
    """Oldest first."""
    database(request).read(lambda db: custom_intents.get(db, intent_id))
    seen = after(cursor, BY_ID)
    found = database(request).read(
        lambda db: custom_intents.examples(db, intent_id, after=seen, limit=limit + 1)
    )
    return page(found, limit, lambda last: last.id)


@post("/", opt=_WRITE, sync_to_thread=True)
def add_intent(request: Asked, data: JSONBody[NewIntent]) -> CustomIntent:
    """Teach a new one; it is learnt a moment later."""
    return actions.add(hub(request), request.user, data.name, data.handling, data.examples, data.message_ids)


@put("/{intent_id:int}", opt=_WRITE, sync_to_thread=True)
def change_intent(request: Asked, intent_id: Id, data: JSONBody[ChangedIntent]) -> CustomIntent:
    """Its name, and what such a message calls for."""
    return actions.change(hub(request), request.user, intent_id, data.name, data.handling)


@delete("/{intent_id:int}", opt=_WRITE, sync_to_thread=True)
def remove_intent(request: Asked, intent_id: Id) -> None:
    """Forget it and its examples."""
    actions.remove(hub(request), request.user, intent_id)


@post("/{intent_id:int}/examples", opt=_WRITE, sync_to_thread=True)
def add_examples(request: Asked, intent_id: Id, data: JSONBody[NewExamples]) -> CustomIntent:
    """More examples; those that are there already change nothing."""
    return actions.add_examples(hub(request), request.user, intent_id, data.examples, data.message_ids)


@delete("/{intent_id:int}/examples/{example_id:int}", opt=_WRITE, sync_to_thread=True)
def remove_example(request: Asked, intent_id: Id, example_id: Id) -> None:
    """Forget one example."""
    actions.remove_example(hub(request), request.user, intent_id, example_id)


@post("/none/examples", opt=_WRITE, sync_to_thread=True)
def add_strangers(request: Asked, data: JSONBody[Strangers]) -> Added:
    """Examples of what belongs to none of the intents, so that the like is not taken for one."""
    return Added(actions.add_strangers(hub(request), request.user, data.examples))


@post("/files", opt=_WRITE, sync_to_thread=True)
def upload_intents(request: Asked, data: MultipartBody[dict[str, UploadFile]]) -> Page[CustomIntent]:
    """A CSV (`file`) with the columns `intent` and `text`; all intents there are now."""
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidInput("Send the file as the form's field `file`.")
    return Page(actions.add_sheet(hub(request), request.user, file.file.read()))


@post("/train", opt=_WRITE, status_code=200, sync_to_thread=True)
def train_intents(request: Asked) -> IntentsReport:
    """Learn now instead of a moment later, and say how well the examples are told apart."""
    return actions.train(hub(request), request.user)


@post("/preview", opt=_READ, status_code=200, sync_to_thread=True)
def preview_intents(request: Asked, data: JSONBody[Preview]) -> Page[Guessed]:
    """What each text would be taken for; nothing is kept."""
    return Page(actions.try_out(hub(request), request.user, data.texts))


router = Router(
    "/intents",
    route_handlers=[
        read_intents,
        read_intents_report,
        read_intent,
        read_examples,
        add_intent,
        change_intent,
        remove_intent,
        add_examples,
        remove_example,
        add_strangers,
        upload_intents,
        train_intents,
        preview_intents,
    ],
    tags=["intents"],
)
