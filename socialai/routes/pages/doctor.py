"""The doctor: everything that is looked at, and what to do about it."""

from typing import Any

from litestar import Response, get

from socialai.actions import backups
from socialai.actions.doctor import look
from socialai.errors import NotAllowed
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages.render import is_partial, page, part

_ORDER = ("fix", "warn", "ok")


@get("/status/doctor", opt=needs("settings:read"), sync_to_thread=True)
def doctor(request: Asked) -> Response[Any]:
    """The frame at once; what takes its time is asked for from there."""
    app = hub(request)
    if not backups.may(app, request.user):
        raise NotAllowed(
            "The doctor looks at the whole machine, which several businesses share: whoever runs it calls "
            "it with `socialai doctor`."
        )
    if not is_partial(request):
        return page(request, "status/doctor.html", "Doctor", {})
    found = sorted(look(app.settings), key=lambda finding: _ORDER.index(finding.state))
    return part("status/_findings.html", {"found": found})


HANDLERS = [doctor]
