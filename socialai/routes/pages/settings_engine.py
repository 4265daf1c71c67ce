"""Who writes the replies: nobody, a model file on this machine or an endpoint; and what was sent there."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody

from socialai.actions import engines as actions
from socialai.domain.engine import DEFAULT_CONTEXT, EngineChoice, LocalEngine, NoEngine, RemoteEngine
from socialai.errors import Conflict, HubError, InvalidInput, WrongKey
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.inbox_list import number
from socialai.routes.pages.render import page, part
from socialai.routes.pages.settings_tabs import tabs
from socialai.store import ledger

_READ, _WRITE = needs("settings:read"), needs("settings:write")
_STEP, _MOST = 25, 1000
_Typed = dict[str, str]

PURPOSES = {"test": "Trying it out", "answer": "Writing a reply", "recap": "Summing up a conversation"}


@get("/settings/engine", opt=_READ, sync_to_thread=True)
def settings_engine(request: Asked, shown: FromQuery[int] = _STEP) -> Response[Any]:
    return _page(request, _kept(request), shown=min(_MOST, max(_STEP, shown)))


@post("/settings/engine", opt=_WRITE, status_code=200, sync_to_thread=True)
def save_engine(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    typed = {name: form.text(data, name).strip() for name in ("kind", "file", "context", "url", "model")}
    try:
        choice = _choice(request, typed, understood=form.is_on(data, "understood"))
        actions.choose(hub(request), request.user, choice, _key(request, choice, form.text(data, "api_key")))
    except InvalidInput as error:
        return _page(request, typed, error)
    return _page(request, _kept(request), saved=True)


@post("/settings/engine/test", opt=_WRITE, status_code=200, sync_to_thread=True)
def try_out_engine(request: Asked) -> Response[Any]:
    try:
        return part("settings/_tried.html", {"tried": actions.try_out(hub(request), request.user)})
    except (Conflict, WrongKey) as error:
        return part("settings/_tried.html", {"tried": actions.Tried(ok=False, error=str(error))})


def _choice(request: Asked, typed: _Typed, *, understood: bool) -> EngineChoice:
    if typed["kind"] == "local":
        if typed["file"] not in actions.files(hub(request)):
            raise InvalidInput("Choose one of the model files that are on this machine.")
        return LocalEngine(typed["file"], number(typed["context"]) or DEFAULT_CONTEXT)
    if typed["kind"] == "endpoint":
        if not understood:
            raise InvalidInput("Say that you know it: what customers write goes to this endpoint.")
        return RemoteEngine(typed["url"], typed["model"])
    return NoEngine()


def _key(request: Asked, choice: EngineChoice, typed: str) -> str | None:
    """The one that is kept goes on being used, but only for the address it was given for."""
    if typed.strip() or not isinstance(choice, RemoteEngine):
        return typed.strip() or None
    app, tenant_id = hub(request), request.user.tenant_id
    kept = app.engines.choice(tenant_id)
    if isinstance(kept, RemoteEngine) and kept.url == choice.url and actions.has_key(app, tenant_id):
        return app.engines.api_key(tenant_id)
    return None


def _kept(request: Asked) -> _Typed:
    """The choice as the form has it."""
    empty = {"kind": "none", "file": "", "context": str(DEFAULT_CONTEXT), "url": "", "model": ""}
    choice = hub(request).engines.choice(request.user.tenant_id)
    if isinstance(choice, LocalEngine):
        return empty | {"kind": "local", "file": choice.path, "context": str(choice.context)}
    if isinstance(choice, RemoteEngine):
        return empty | {"kind": "endpoint", "url": choice.url, "model": choice.model}
    return empty


def _page(
    request: Asked,
    typed: _Typed,
    error: HubError | None = None,
    *,
    shown: int = _STEP,
    saved: bool = False,
) -> Response[Any]:
    app, who = hub(request), request.user
    calls = database(request).read(lambda db: ledger.calls(db, limit=shown + 1))
    context = {
        "typed": typed,
        "kept": _kept(request),
        "error": str(error or ""),
        "saved": saved,
        "files": actions.files(app),
        "folder": str(app.settings.llm_dir),
        "has_key": actions.has_key(app, who.tenant_id),
        "is_owner": who.role == "owner",
        "calls": calls[:shown],
        "has_more": len(calls) > shown,
        "shown": shown,
        "step": _STEP,
        "purposes": PURPOSES,
        **tabs("engine"),
    }
    return page(request, "settings/engine.html", "Who writes", context, 400 if error else 200)


HANDLERS = [settings_engine, save_engine, try_out_engine]
