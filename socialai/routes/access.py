"""What every handler asks of its request: the hub, who is asking, and whether they may."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection

from socialai.context import App
from socialai.errors import NotSignedIn
from socialai.security.permissions import Permission, Principal, require

Connection = ASGIConnection[Any, Any, Any, Any]
Asked = Request[Any, Any, Any]


def hub(connection: Connection) -> App:
    app: App = connection.app.state["hub"]
    return app


def principal(connection: Connection, permission: Permission) -> Principal:
    """Who is asking, when they may; else NotSignedIn or NotAllowed. The sign-in middleware put them there."""
    who: Principal | None = connection.scope.get("user")
    if who is None:
        raise NotSignedIn("Sign in first.")
    require(who, permission)
    return who
