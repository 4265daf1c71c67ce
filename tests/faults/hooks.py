"""Deliveries to a hub in trouble."""

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from socialai.context import App
from socialai.store import events
from tests.routes.signed import PATH, headers

Client = TestClient[Litestar]


def post(hooks: Client, body: bytes, path: str = PATH) -> httpx.Response:
    return hooks.post(path, content=body, headers=headers(body))


def kept(app: App) -> list[bytes]:
    """Bodies of acme's that wait to be processed."""
    return [event.body for event in app.files.tenant("acme").read(lambda db: events.events(db, "received"))]
