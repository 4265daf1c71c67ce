"""How the hub is: what works, what does not and what to do about it, and the figures of the tenant."""

import shutil
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response, get
from msgspec import Struct

from socialai import __version__
from socialai.actions import backups
from socialai.actions.health import faults
from socialai.domain.channel import Channel
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages.render import is_partial, page, part
from socialai.store import channels
from socialai.store.figures import Hour, figures, hours, recovered

_PATIENCE = timedelta(minutes=5)
_DAY = timedelta(days=1)
_PARTS = {
    "database": ("database", "Database", "Everything can be kept."),
    "queue": ("list-check", "Queue", "Work is picked up at once."),
    "models": ("cpu", "Models", "The assistant can read and answer."),
    "disk": ("device-floppy", "Disk", "There is room."),
}


class Part(Struct, frozen=True):
    """`fault` is empty while it works."""

    symbol: str
    title: str
    sentence: str
    fault: str = ""


@get("/status", opt=needs("analytics:read"), sync_to_thread=True)
def status(request: Asked) -> Response[Any]:
    app = hub(request)
    now, file = app.clock(), database(request)
    by_hour = file.read(lambda db: hours(db, now))
    context = {
        "parts": _parts(request),
        "figures": file.read(lambda db: figures(db, now, _PATIENCE)),
        "hours": by_hour,
        "recovered": file.read(lambda db: recovered(db, now - _DAY)),
        "chart": _chart(by_hour),
        "depth": app.tasks.depth(),
        "free": shutil.disk_usage(app.settings.data_dir).free,
        "version": __version__,
    }
    if is_partial(request):
        return part("status/_status.html", context)
    return page(request, "status", "Health", context)


def _parts(request: Asked) -> list[Part]:
    wrong = {fault.part: fault.message for fault in faults(hub(request))}
    works = [Part(*about, wrong.get(name, "")) for name, about in _PARTS.items()]
    return [*works, *_backups(request), *map(_channel, database(request).read(channels.channels))]


def _backups(request: Asked) -> list[Part]:
    """For who may have them."""
    if not backups.may(hub(request), request.user):
        return []
    reason = backups.failed(hub(request))
    fault = f"The last one failed: {reason}" if reason else ""
    return [Part("refresh", "Backups", "The last one went well.", fault)]


def _channel(channel: Channel) -> Part:
    fault = ""
    if channel.state == "reauthorise":
        fault = f"Disconnected: {channel.state_reason or 'its access was taken away'}. Connect it again."
    sentence = "Connected." if channel.state == "active" else "Paused by a person."
    return Part(f"brand-{channel.platform}", channel.name, sentence, fault)


def _chart(by_hour: list[Hour]) -> str:
    return msgspec.json.encode(
        {
            "at": [int(hour.at.timestamp()) for hour in by_hour],
            "series": [
                {
                    "label": "Received",
                    "color": "#0d9488",
                    "align": -1,
                    "values": [h.received for h in by_hour],
                },
                {"label": "Sent", "color": "#6366f1", "align": 1, "values": [h.sent for h in by_hour]},
            ],
        }
    ).decode()


HANDLERS = [status]
