"""The program itself: which version runs, what came of the last upgrade, and a file with another one."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import MultipartBody

from socialai import __version__
from socialai.actions import upgrading as actions
from socialai.errors import Conflict, HubError, InvalidInput, NotAllowed
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages.render import page
from socialai.routes.pages.settings_tabs import tabs

_READ, _WRITE = needs("settings:read"), needs("owners:write")
_MOST_BYTES = 1024 * 1024 * 1024


@get("/settings/program", opt=_READ, sync_to_thread=True)
def settings_program(request: Asked) -> Response[Any]:
    return _page(request)


@post(
    "/settings/program",
    opt=_WRITE,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=_MOST_BYTES,
)
def upgrade_program(request: Asked, data: MultipartBody[dict[str, Any]]) -> Response[Any]:
    sent = data.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return _page(request, InvalidInput("Choose the file of the upgrade."))
    app = hub(request)
    with TemporaryDirectory(dir=app.settings.data_dir, prefix="upload-") as folder:
        path = Path(folder) / (Path(sent.filename).name or "upgrade")
        with path.open("wb") as file:
            shutil.copyfileobj(sent.file, file)
        try:
            actions.take(app, request.user, path)
        except (InvalidInput, Conflict, NotAllowed) as error:
            return _page(request, error)
    return _page(request)


def _page(request: Asked, error: HubError | None = None) -> Response[Any]:
    app = hub(request)
    context = {
        "version": __version__,
        "last": actions.last(app),
        "may_upgrade": actions.may_upgrade(app, request.user),
        "error": error,
        **tabs("program"),
    }
    return page(request, "settings/program.html", "Program", context, 400 if error else 200)


HANDLERS = [settings_program, upgrade_program]
