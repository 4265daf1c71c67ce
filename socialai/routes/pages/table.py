"""Every page: a new one is its module and a line here."""

from litestar.types import ControllerRouterHandler

from socialai.routes.pages import inbox, live, start

PAGES: tuple[ControllerRouterHandler, ...] = (
    *start.HANDLERS,
    *inbox.HANDLERS,
    *live.HANDLERS,
)
