"""The language model that writes the tenant's replies, and the ledger of what was sent outside."""

from typing import Annotated, Literal

from litestar import Router, get, post, put
from litestar.params import JSONBody
from msgspec import Meta, Struct

from socialai.actions import engines as actions
from socialai.actions.engines import Tried
from socialai.domain.engine import DEFAULT_CONTEXT, Call, EngineChoice, LocalEngine, NoEngine, RemoteEngine
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_ID, Cursor, Limit, Page, after, page
from socialai.store import ledger

Kind = Literal["none", "local", "endpoint"]


class NewEngine(Struct, forbid_unknown_fields=True):
    """Of kind local: `file` is a GGUF file in the folder `llm` of the data directory. Of kind endpoint:
    `url`, `model`, `api_key`; what customers write goes there, without addresses, numbers and names."""

    kind: Kind
    file: Annotated[str, Meta(max_length=200, pattern=r"^([A-Za-z0-9_][A-Za-z0-9_ .-]*)?$")] = ""
    context: Annotated[int, Meta(ge=512, le=131_072)] = DEFAULT_CONTEXT
    url: Annotated[str, Meta(max_length=500)] = ""
    model: Annotated[str, Meta(max_length=200)] = ""
    api_key: Annotated[str, Meta(max_length=1000)] = ""


class EngineView(Struct):
    kind: Kind
    file: str = ""
    context: int = 0
    url: str = ""
    model: str = ""
    has_key: bool = False


@get("/", opt=needs("settings:read"), sync_to_thread=True)
def read_engine(request: Asked) -> EngineView:
    """Which one is used; its key is never shown."""
    tenant_id = request.user.tenant_id
    return _view(hub(request).engines.choice(tenant_id), actions.has_key(hub(request), tenant_id))


@put("/", opt=needs("settings:write"), sync_to_thread=True)
def put_engine(request: Asked, data: JSONBody[NewEngine]) -> EngineView:
    """Choose none, a file or an endpoint, from the next message on. Only an owner may choose an endpoint."""
    choice = actions.choose(hub(request), request.user, _choice(data), data.api_key or None)
    return _view(choice, bool(data.api_key))


@post("/test", opt=needs("settings:write"), status_code=200, sync_to_thread=True)
def try_engine(request: Asked) -> Tried:
    """Have it write one sentence."""
    return actions.try_out(hub(request), request.user)


@get("/calls", opt=needs("audit:read"), sync_to_thread=True)
def read_engine_calls(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[Call]:
    """What was sent to an endpoint, newest first."""
    before = after(cursor, BY_ID)
    found = database(request).read(lambda db: ledger.calls(db, before=before, limit=limit + 1))
    return page(found, limit, lambda call: call.id)


def _choice(data: NewEngine) -> EngineChoice:
    if data.kind == "local":
        return LocalEngine(data.file, data.context)
    return RemoteEngine(data.url, data.model) if data.kind == "endpoint" else NoEngine()


def _view(choice: EngineChoice, has_key: bool) -> EngineView:
    if isinstance(choice, LocalEngine):
        return EngineView("local", file=choice.path, context=choice.context)
    if isinstance(choice, RemoteEngine):
        return EngineView("endpoint", url=choice.url, model=choice.model, has_key=has_key)
    return EngineView("none")


router = Router(
    "/engine", route_handlers=[read_engine, put_engine, try_engine, read_engine_calls], tags=["settings"]
)
