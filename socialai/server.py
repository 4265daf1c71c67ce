"""The hub over HTTP: uvicorn with our settings, ended by a signal within five seconds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp

from socialai import app as hub
from socialai.context import App
from socialai.intake import Intake
from socialai.routes.edge import site
from socialai.routes.outside import ThroughTunnel
from socialai.serving import UVICORN


def asgi(app: App) -> Litestar:
    """The site, whose lifespan starts and stops the hub."""

    @asynccontextmanager
    async def lifespan(litestar: Litestar) -> AsyncIterator[None]:
        litestar.state["intake"] = Intake(app.files, app.tasks, app.clock)
        hub.start(app)
        yield
        hub.stop(app)

    return site(app, [lifespan])


class Server(uvicorn.Server):
    """Ends the live feeds first: an open stream would hold the stop up."""

    def __init__(self, app: App, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.feed.stop()
        super().handle_exit(sig, frame)


def server(app: App) -> Server:
    return Server(app, config(ThroughTunnel(asgi(app), app.channels.outside)))


def config(asgi_app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(asgi_app, **UVICORN)
