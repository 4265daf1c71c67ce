"""Every route of /api/v1: a new group is its module and a line here."""

from litestar.types import ControllerRouterHandler

API: tuple[ControllerRouterHandler, ...] = ()
