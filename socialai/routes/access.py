"""What every handler asks of its request: the hub, who is asking, and whether they may."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from socialai.context import App
from socialai.errors import NotSignedIn
from socialai.security.permissions import Permission, Principal, require
from socialai.store.db import Database

Connection = ASGIConnection[Any, Any, Any, Any]
Asked = Request[Principal, Any, Any]


def hub(connection: Connection) -> App:
    app: App = connection.app.state["hub"]
    return app


def database(request: Asked) -> Database:
    """The file of the tenant who asks; there is no way to name another."""
    return hub(request).files.tenant(request.user.tenant_id)


def needs(permission: Permission | None) -> dict[str, Any]:
    """A handler's `opt`, for `guard`; None: whoever is signed in."""
    return {"permission": permission}


def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Before anything of the request is read. A handler that does not say what it needs lets nobody in."""
    permission: Permission | None = handler.opt["permission"]
    if permission is None:
        signed_in(connection)
    else:
        principal(connection, permission)


def signed_in(connection: Connection) -> Principal:
    who: Principal | None = connection.scope.get("user")
    if who is None:
        raise NotSignedIn("Sign in first.")
    return who


def principal(connection: Connection, permission: Permission) -> Principal:
    """Who is asking, when they may; else NotSignedIn or NotAllowed. The sign-in middleware put them there."""
    who = signed_in(connection)
    require(who, permission)
    return who
