"""Every page: a new one is its module and a line here."""

from litestar.types import ControllerRouterHandler

PAGES: tuple[ControllerRouterHandler, ...] = ()
