"""Backups: when and where to, what became of them, one made now, tried out, or taken home."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.params import FromPath, URLEncodedBody
from litestar.response import File

from socialai.actions import backups as actions
from socialai.actions import reach
from socialai.context import App
from socialai.domain.backup_plan import Sftp
from socialai.errors import HubError, InvalidInput, NotFound, StoreError, TunnelError
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages import backup_form, form
from socialai.routes.pages.render import go, is_partial, page, part
from socialai.routes.pages.settings_tabs import tabs
from socialai.store import backup_runs, sealing

_READ, _WRITE = needs("settings:read"), needs("settings:write")
_PLACE = "/settings/backups"
_SHOWN = 50


@get(_PLACE, opt=_READ, sync_to_thread=True)
def settings_backups(request: Asked) -> Response[Any]:
    if is_partial(request):
        return part("settings/_backup_runs.html", _runs(request))
    return _page(request)


@post(_PLACE, opt=_WRITE, status_code=200, sync_to_thread=True)
def save_backup_plan(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    """An SSH server's key is shown first, and pinned once the person said that it is theirs."""
    app = hub(request)
    actions.check_may(app, request.user)
    try:
        typed = backup_form.read(data)
        plan = backup_form.plan(typed, reach.host_key)
        if isinstance(plan.place, Sftp) and plan.place.host_key != typed["host_key"]:
            return _page(request, {**typed, "host_key": plan.place.host_key}, is_asked=True)
        actions.set_plan(
            app,
            plan,
            passphrase=backup_form.passphrase(data),
            bucket_key=form.text(data, "secret_key").strip() or None,
        )
    except (InvalidInput, StoreError, TunnelError) as error:
        return _page(request, backup_form.read(data), error)
    return _page(request, is_saved=True)


@post("/settings/backups/now", opt=_WRITE, status_code=200, sync_to_thread=True)
def back_up_now(request: Asked) -> Response[Any]:
    app = hub(request)
    actions.check_may(app, request.user)
    app.tasks.wake("back_up", "", actions.begin(app))
    return go(request, f"{_PLACE}#runs")


@post("/settings/backups/{run_id:int}/drill", opt=_WRITE, status_code=200, sync_to_thread=True)
def drill_backup(request: Asked, run_id: FromPath[int]) -> Response[Any]:
    app = _hub_of(request)
    actions.begin_drill(app, run_id)
    app.tasks.wake("drill", "", run_id)
    return go(request, f"{_PLACE}#runs")


@get("/settings/backups/{run_id:int}/file", opt=_WRITE, sync_to_thread=True)
def backup_file(request: Asked, run_id: FromPath[int]) -> File:
    app = _hub_of(request)
    folder = Path(tempfile.mkdtemp(prefix=".fetched-", dir=app.copies.folder))
    try:
        path = actions.fetch(app, run_id, folder)
    except HubError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    clear = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return File(path, filename=path.name, background=clear)


def _hub_of(request: Asked) -> App:
    """To who may not have backups there is none."""
    app = hub(request)
    if not actions.may(app, request.user):
        raise NotFound("There is no such backup.")
    return app


def _page(
    request: Asked,
    typed: dict[str, str] | None = None,
    error: HubError | None = None,
    *,
    is_asked: bool = False,
    is_saved: bool = False,
) -> Response[Any]:
    app = hub(request)
    context = {
        "may_all": actions.may(app, request.user),
        "typed": typed or backup_form.shown(app.copies.plan()),
        "error": str(error or ""),
        "is_asked": is_asked,
        "is_saved": is_saved,
        "is_sealed": bool(app.copies.passphrase()),
        "has_bucket_key": app.copies.has_bucket_key,
        "tenant_id": request.user.tenant_id,
        "fingerprint": actions.fingerprint(typed["host_key"]) if typed and is_asked else "",
        "public_line": actions.public_line(app),
        "folder": str(app.copies.folder),
        "key": str(app.settings.data_dir / "secret.key"),
        "every": backup_form.EVERY,
        "least": sealing.LEAST_PASSPHRASE,
        **_runs(request),
        **tabs("backups"),
    }
    return page(request, "settings/backups.html", "Backups", context, 400 if error else 200)


def _runs(request: Asked) -> dict[str, Any]:
    """Nothing for who may not have them."""
    app = hub(request)
    if not actions.may(app, request.user):
        return {"runs": [], "is_busy": False}
    runs = app.files.app.read(lambda db: backup_runs.runs(db, _SHOWN))
    return {"runs": runs, "is_busy": any(run.is_busy for run in runs)}


HANDLERS = [settings_backups, save_backup_plan, back_up_now, drill_backup, backup_file]
