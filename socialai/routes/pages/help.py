"""Help for owners: a few short pages, read without a network."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from socialai.errors import NotFound
from socialai.platforms.registry import PLATFORMS
from socialai.resources import resource
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages.render import page

_SELF = needs(None)


class Topic(Struct, frozen=True):
    name: str
    symbol: str
    title: str


TOPICS = (
    Topic("start", "school", "Ten minutes to begin"),
    Topic("platforms", "plug-connected", "Connect your accounts"),
    Topic("answers", "sparkles", "Good answers"),
    Topic("account", "shield", "Your account"),
    Topic("machine", "device-floppy", "Backup and upgrade"),
    Topic("privacy", "lock", "Privacy"),
    Topic("trouble", "alert-triangle", "When something is wrong"),
)


@get("/help", opt=_SELF, sync_to_thread=True)
def help_start(request: Asked) -> Response[Any]:
    return _page(request, TOPICS[0].name)


@get("/help/{topic:str}", opt=_SELF, sync_to_thread=True)
def help_topic(request: Asked, topic: FromPath[str]) -> Response[Any]:
    return _page(request, topic)


def _page(request: Asked, name: str) -> Response[Any]:
    topic = next((each for each in TOPICS if each.name == name), None)
    if topic is None:
        raise NotFound("There is no such page of help.")
    context = {
        "topic": topic,
        "topics": TOPICS,
        "platforms": PLATFORMS,
        "data_dir": str(hub(request).settings.data_dir),
        "pictures": {path.stem for path in resource("web", "static", "help").glob("*.png")},
    }
    return page(request, "help", topic.title, context)


HANDLERS = [help_start, help_topic]
