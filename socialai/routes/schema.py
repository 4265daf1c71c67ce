"""The API described: OpenAPI 3.1 at /schema, and a page to read and try it, from our own assets."""

from typing import Any

from litestar import Response, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme
from litestar.response import Template

from socialai import __version__
from socialai.routes.headers import SAFE_HEADERS, Headers
from socialai.routes.sign_in import COOKIE


def config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="SocialAI Hub",
        version=__version__,
        description="What the hub's own pages can do, for programs. Errors are problem+json (RFC 9457) "
        "with a stable `type`; lists are read page by page with `cursor`.",
        license=License("Apache-2.0", identifier="Apache-2.0"),
        use_handler_docstrings=True,
        security=[{"token": []}, {"session": []}],
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                "session": SecurityScheme(type="apiKey", security_scheme_in="cookie", name=COOKIE),
            }
        ),
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        openapi_router=Router(
            "/schema", route_handlers=[], middleware=[Headers(SAFE_HEADERS)], include_in_schema=False
        ),
    )


@get("/schema/docs", sync_to_thread=False, include_in_schema=False)
def docs_page() -> Response[Any]:
    return Template("docs/page.html")
