"""The template engine and what every template may call: `static(path)`, `csrf_token()`, `may(permission)`."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine

from socialai.resources import resource
from socialai.routes.sign_in import session_token
from socialai.security.csrf import csrf_token
from socialai.security.permissions import Permission, Principal

_Context = Mapping[str, Any]


def engine() -> JinjaTemplateEngine:
    made = JinjaTemplateEngine.from_environment(
        Environment(
            loader=FileSystemLoader(resource("web", "templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )
    made.register_template_callable("csrf_token", _csrf_token)
    made.register_template_callable("may", _may)
    made.register_template_callable("static", _static)
    return made


def _csrf_token(context: _Context, /) -> str:
    """Empty where nobody is signed in: such forms are proved by their origin."""
    token = session_token(context["request"])
    return csrf_token(token) if token else ""


def _may(context: _Context, /, permission: Permission) -> bool:
    who: Principal | None = context["request"].scope.get("user")
    return who is not None and permission in who.permissions


def _static(_context: _Context, /, path: str) -> str:
    return _hashed(path)


@cache
def _hashed(path: str) -> str:
    """The asset's address with its content's hash, by which browsers may keep it for ever."""
    try:
        digest = sha256(resource("web", "static", path).read_bytes()).hexdigest()
    except FileNotFoundError:
        return f"/static/{path}"
    return f"/static/{path}?v={digest[:16]}"
