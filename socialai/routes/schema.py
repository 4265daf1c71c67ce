"""The API described: OpenAPI 3.1 at /schema, and a page to read and try it, from our own assets."""

import re
from typing import Any

import msgspec
from litestar import Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme
from litestar.response import Template

from socialai import __version__
from socialai.routes.access import Asked
from socialai.routes.errors import PROBLEM_JSON, Problem
from socialai.routes.headers import SAFE_HEADERS, Headers
from socialai.routes.sign_in import COOKIE

_Schema = dict[str, Any]
_GENERIC = re.compile(rb"\bPage_[\w.]+\.(\w+)_")


class _Described(JsonRenderPlugin):
    """Litestar's description, with the errors as we answer them."""

    def __init__(self) -> None:
        super().__init__(path=["/", "/openapi.json"])
        self._made = b""

    def render(self, request: Asked, openapi_schema: _Schema) -> bytes:
        self._made = self._made or _with_problems(self.render_json(request, openapi_schema))
        return self._made


def config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="SocialAI Hub",
        version=__version__,
        description="What the hub's own pages can do, for programs. Errors are problem+json (RFC 9457) "
        "with a stable `type`; lists are read page by page with `cursor`.",
        license=License("Apache-2.0", identifier="Apache-2.0"),
        use_handler_docstrings=True,
        operation_id_creator=_operation_id,
        security=[{"token": []}, {"session": []}],
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                "session": SecurityScheme(type="apiKey", security_scheme_in="cookie", name=COOKIE),
            }
        ),
        render_plugins=[_Described()],
        openapi_router=Router(
            "/schema", route_handlers=[], middleware=[Headers(SAFE_HEADERS)], include_in_schema=False
        ),
    )


@get("/schema/docs", sync_to_thread=False, include_in_schema=False)
def docs_page() -> Response[Any]:
    return Template("docs/page.html")


def _operation_id(handler: HTTPRouteHandler, _method: object, _path: object) -> str:
    return handler.handler_name


def _with_problems(made: bytes) -> bytes:
    schema: _Schema = msgspec.json.decode(_GENERIC.sub(rb"PageOf\1", made))
    (reference,), parts = msgspec.json.schema_components(
        [Problem], ref_template="#/components/schemas/{name}"
    )
    schema["components"]["schemas"] |= parts
    problem = {"description": "What is wrong, as a problem", "content": {PROBLEM_JSON: {"schema": reference}}}
    for path in schema["paths"].values():
        for operation in path.values():
            operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
            operation["responses"].pop("400", None)
            operation["responses"]["default"] = problem
    return msgspec.json.encode(schema)
