"""Every page: a new one is its module and a line here."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from socialai.routes.access import guard
from socialai.routes.pages import inbox, knowledge, live, start

_MODULES = (start, inbox, knowledge, live)

PAGES: tuple[ControllerRouterHandler, ...] = (
    Router(
        "/", route_handlers=[handler for module in _MODULES for handler in module.HANDLERS], guards=[guard]
    ),
)
