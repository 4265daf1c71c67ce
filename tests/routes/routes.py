"""The route table, as the site itself has it: what is not in here cannot be asked for."""

import re
from collections.abc import Iterator

from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec import Struct

_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
_OPEN = (
    "/api/v1/auth/token",
    "/.well-known/",
    "/schema",
    "/static",
    "/login",
    "/setup",
    "/health",
    "/reach/",
    "/ready",
    "/metrics",
    "/webhooks/",
    "/widget/",
    "/auth/social/{platform:str}/callback",
)
"""Those for whoever is not signed in; each has tests of its own. `/` only says where to go."""

_WORDS = {"topic": "start", "deed": "resolve", "platform": "facebook", "move": "pause"}
"""Parameters that are words and not ids."""


class Route(Struct, frozen=True):
    """`permission` as an API handler declares it; None also for pages."""

    method: str
    path: str
    handler: str
    permission: str | None

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def parameters(self) -> list[str]:
        """Ids: what a word names is the asking tenant's own."""
        return [name for name in _PARAMETER.findall(self.path) if name not in _WORDS]

    def fill(self, values: dict[str, object]) -> str:
        """A KeyError names a parameter that the cast has no value for: add it to `Ids` in tests/cast.py."""
        return _PARAMETER.sub(lambda found: str((values | _WORDS)[found[1]]), self.path)


def closed(site: Litestar) -> list[Route]:
    """Every route that needs someone signed in."""
    return [route for route in routes(site) if route.path != "/" and not route.path.startswith(_OPEN)]


def routes(site: Litestar) -> Iterator[Route]:
    for route in site.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if method not in ("OPTIONS", "HEAD"):
                    yield Route(method, route.path, handler.handler_name, handler.opt.get("permission"))
