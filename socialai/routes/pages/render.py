"""How a page answers: whole with the frame around it, or the part that htmx asked for."""

import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.response import Redirect, Template
from msgspec import Struct

from socialai.actions import backups, health
from socialai.domain.channel import Channel
from socialai.routes.access import Asked, hub
from socialai.routes.pages.person import Person, person
from socialai.store import channels, events, outbox, tenants, views

Context = Mapping[str, Any]


class Me(Struct, frozen=True):
    name: str
    role: str
    initials: str
    tone: int


class Shell(Struct, frozen=True):
    """What every page shows around its own content."""

    tenant: str
    me: Me
    unread: int
    dead: int
    broken: list[Channel]
    little_free: int | None
    backup_fault: str
    is_cut_off: bool
    tunnel_error: str


def is_partial(request: Asked) -> bool:
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def page(request: Asked, name: str, title: str, context: Context, status: int = 200) -> Template:
    """`name` is the page's folder of templates and its place in the navigation."""
    section = name.partition("/")[0]
    template = name if name.endswith(".html") else f"{name}/page.html"
    framed = {"title": title, "section": section, "shell": shell(request), **context}
    return Template(template, context=framed, status_code=status, headers={"vary": "hx-request"})


def part(template: str, context: Context, status: int = 200, *, url: str | None = None) -> Template:
    """A partial; `url` becomes the browser's address."""
    headers = {"vary": "hx-request"} | ({"hx-push-url": url} if url else {})
    return Template(template, context=dict(context), status_code=status, headers=headers)


def go(request: Asked, url: str) -> Response[Any]:
    """On to another page, whoever asked."""
    if is_partial(request):
        return Response(b"", status_code=200, headers={"hx-redirect": url})
    return Redirect(url, status_code=303)


def shell(request: Asked) -> Shell:
    app, who = hub(request), request.user
    tenant = app.files.app.read(lambda db: tenants.get(db, who.tenant_id))
    me: Person = person(who.user_id, who.name or who.email)
    outside = app.channels.outside
    fault = backups.failed(app) if backups.may(app, who) else ""

    def read(db: sqlite3.Connection) -> Shell:
        return Shell(
            tenant=tenant.name,
            me=Me(who.name or who.email, who.role, me.initials, me.tone),
            unread=views.counts(db, who.user_id, app.clock())["unread"],
            dead=events.count(db, "dead") + outbox.count(db, "dead"),
            little_free=health.little_free(app),
            broken=[channel for channel in channels.channels(db) if channel.state == "reauthorise"],
            backup_fault=fault,
            is_cut_off=outside.is_cut_off,
            tunnel_error=outside.state.error if outside.state else "",
        )

    return app.files.tenant(who.tenant_id).read(read)


def link(path: str, **query: object) -> str:
    """A path with the parts of the query that say something."""
    said = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items() if value)
    return f"{path}?{said}" if said else path
