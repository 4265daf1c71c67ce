"""The whole HTTP edge. Each part carries only the middleware it needs; the webhooks carry none."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from socialai.context import App
from socialai.resources import resource
from socialai.routes import auth, errors, health, login, schema, social, templates, webhooks, widget
from socialai.routes.api.table import api
from socialai.routes.headers import PRIVATE_HEADERS, SAFE_HEADERS, Cached, Headers
from socialai.routes.pages.table import PAGES
from socialai.routes.sign_in import SameOrigin, SignIn
from socialai.routes.visitors import FromItsSites

_STRANGERS_BYTES = 64 * 1024
"""What is read of someone who is not signed in: a form of many fields costs a gigabyte and half a minute."""

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def site(app: App, lifespan: Sequence[Lifespan] = ()) -> Litestar:
    return Litestar(
        route_handlers=[_api(), _pages(), _entrance(), _static(), _open(), *_chat(), *_bare()],
        state=State({"hub": app}),
        lifespan=list(lifespan),
        exception_handlers=errors.handlers(),
        openapi_config=schema.config(),
        template_config=TemplateConfig(instance=templates.engine()),
        request_max_body_size=app.settings.max_upload_bytes,
        logging_config=None,
        debug=False,
    )


def _api() -> Router:
    """A token or a session; the answer belongs to who asked."""
    return Router(
        "/",
        route_handlers=[auth.revoke_token, social.router, api()],
        middleware=[Headers(PRIVATE_HEADERS), SignIn()],
    )


def _pages() -> Router:
    handlers: list[ControllerRouterHandler] = [login.log_out, social.come_back, *PAGES]
    return Router(
        "/",
        route_handlers=handlers,
        middleware=[Headers(PRIVATE_HEADERS), SignIn()],
        include_in_schema=False,
    )


def _entrance() -> Router:
    """Before anyone is signed in."""
    return Router(
        "/",
        route_handlers=login.ENTRANCE,
        middleware=[Headers(PRIVATE_HEADERS), SameOrigin()],
        include_in_schema=False,
        request_max_body_size=_STRANGERS_BYTES,
    )


def _static() -> Router:
    return create_static_files_router(
        path="/static",
        directories=[resource("web", "static")],
        middleware=[Headers(SAFE_HEADERS), Cached()],
    )


def _chat() -> list[Router]:
    """For the visitors of a shop's site; what its pages load of ours, and what they do."""
    assets = create_static_files_router(
        path="/widget/_",
        directories=[resource("web", "static", "widget")],
        middleware=[Headers({**SAFE_HEADERS, "cross-origin-resource-policy": "cross-origin"}), Cached()],
    )
    visits = Router(
        "/",
        route_handlers=widget.HANDLERS,
        middleware=[FromItsSites()],
        include_in_schema=False,
        request_max_body_size=_STRANGERS_BYTES,
    )
    return [assets, visits]


def _open() -> Router:
    """For anyone, with nothing of anyone's in it."""
    return Router(
        "/",
        route_handlers=[auth.ask_token, auth.jwks, schema.docs_page],
        middleware=[Headers(SAFE_HEADERS)],
        request_max_body_size=_STRANGERS_BYTES,
    )


def _bare() -> list[ControllerRouterHandler]:
    """Nothing between the wire and the handler: these are asked often, by machines."""
    return [
        webhooks.handshake,
        webhooks.deliver,
        webhooks.handshake_of_all,
        webhooks.deliver_to_all,
        health.alive,
        health.reach,
        health.ready,
        health.metrics,
    ]
