"""Have Meta deliver here, and ask it what it thinks of a connection.

Source: shared contract sheets (subscribed_apps); Graph API reference, /{app-id}/subscriptions and
/debug_token, which want the app's own token, `app-id|app-secret`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import httpx
from msgspec import Struct

from socialai.platforms.base import Finding
from socialai.platforms.meta.failures import Refusals
from socialai.platforms.meta.graph import Graph

_SOON = timedelta(days=14)
_PRESS = "Press “Deliver here”."


class App(Struct, frozen=True):
    """The Meta app, whose own side of the Graph API is at `base`; `watches` is the kind of object that its
    webhook tells of, which is called `account` on `title`."""

    title: str
    account: str
    id: str
    secret: str
    verify_token: str
    base: str
    watches: str


class Scopes(Struct, frozen=True):
    """Without `needed` nothing works, without `wanted` not `all_of_it`."""

    needed: Sequence[str]
    wanted: Sequence[str] = ()
    all_of_it: str = "comments"


class Done(Struct):
    success: bool = True


class Field(Struct):
    name: str


class Application(Struct, frozen=True):
    """Newer versions write a field as an object with its version."""

    subscribed_fields: list[str | Field] = []


class Applications(Struct):
    data: list[Application]


class Subscription(Struct, frozen=True):
    object: str
    callback_url: str | None = None
    active: bool = False


class Subscriptions(Struct):
    data: list[Subscription]


class Token(Struct, frozen=True):
    is_valid: bool = False
    scopes: list[str] = []
    expires_at: int = 0
    data_access_expires_at: int = 0


class Debugged(Struct):
    data: Token


def of_app(app: App, http: httpx.Client, refusals: Refusals) -> Graph:
    return Graph(app.base, f"{app.id}|{app.secret}", http, refusals)


def deliver(graph: Graph, app: App, fields: Sequence[str], url: str) -> None:
    """`graph` is the app's own. DeliveryError."""
    query = {
        "object": app.watches,
        "callback_url": url,
        "verify_token": app.verify_token,
        "fields": ",".join(fields),
        "include_values": "true",
    }
    graph.repeat("POST", f"{app.id}/subscriptions", query, Done)


def tell(graph: Graph, node: str, fields: Sequence[str]) -> None:
    """The account tells the app of these. DeliveryError."""
    graph.repeat("POST", f"{node}/subscribed_apps", {"subscribed_fields": ",".join(fields)}, Done)


def no_app() -> Finding:
    says = "Enter the App ID, so that the hub can look at the token and the webhook address itself."
    return Finding("App ID", "warn", says)


def address(graph: Graph, app: App, url: str) -> Iterator[Finding]:
    """`graph` is the app's own."""
    found = graph.read(f"{app.id}/subscriptions", {}, Subscriptions).data
    ours = next((each for each in found if each.object == app.watches and each.active), None)
    if ours is None:
        says = f"The Meta app delivers nothing of {app.title}. {_PRESS}"
        yield Finding("Webhook", "fix", says)
    elif url and ours.callback_url != url:
        yield Finding(
            "Webhook", "fix", f"{app.title} delivers to {ours.callback_url} instead of {url}. {_PRESS}"
        )
    else:
        yield Finding("Webhook", "ok", f"{app.title} delivers to this hub.")


def fields(graph: Graph, node: str, wanted: Sequence[str], account: str) -> Iterator[Finding]:
    found = graph.read(f"{node}/subscribed_apps", {}, Applications).data
    subscribed = {_name(field) for app in found for field in app.subscribed_fields}
    missing = [field for field in wanted if field not in subscribed]
    if "messages" in missing:
        says = f"The {account} tells the app nothing of its messages. {_PRESS}"
        yield Finding("Subscribed fields", "fix", says)
    elif missing:
        says = f"The {account} does not tell: {', '.join(missing)}. {_PRESS}"
        yield Finding("Subscribed fields", "warn", says)
    else:
        yield Finding("Subscribed fields", "ok", f"The {account} tells everything that the hub reads.")


def token(graph: Graph, app: App, token: str, scopes: Scopes, now: datetime) -> Iterator[Finding]:
    """`graph` is the app's own."""
    found = graph.read("debug_token", {"input_token": token}, Debugged).data
    if not found.is_valid:
        says = f"{app.title} does not accept the {app.account}'s token any more."
        yield Finding("Token", "fix", f"{says} Connect the {app.account} again.")
        return
    yield _life(found.expires_at or found.data_access_expires_at, app.account, now)
    if missing := [scope for scope in scopes.needed if scope not in found.scopes]:
        says = f"Without {', '.join(missing)} no message can be read or answered."
        yield Finding("Permissions", "fix", f"{says} Connect again and grant them.")
    elif missing := [scope for scope in scopes.wanted if scope not in found.scopes]:
        says = f"Without {', '.join(missing)} {scopes.all_of_it} cannot be read or answered."
        yield Finding("Permissions", "warn", f"{says} Connect again and grant them.")
    else:
        yield Finding("Permissions", "ok", "All that is needed was granted.")


def _life(ends: int, account: str, now: datetime) -> Finding:
    if not ends:
        return Finding("Token", "ok", f"The {account}'s token has no end.")
    left = datetime.fromtimestamp(ends, UTC) - now
    if left > _SOON:
        return Finding("Token", "ok", f"The {account}'s token works for another {left.days} days.")
    says = f"The {account}'s token ends in {max(left.days, 0)} days. Connect the {account} again before that."
    return Finding("Token", "warn", says)


def _name(field: str | Field) -> str:
    return field if isinstance(field, str) else field.name
