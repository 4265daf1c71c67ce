"""Have Facebook deliver here, and ask it what it thinks of the connection.

Source: shared contract sheet (subscribed_apps); Graph API reference, /{app-id}/subscriptions and
/debug_token, which want the app's own token, `app-id|app-secret`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import httpx
from msgspec import Struct

from socialai.platforms.base import Finding
from socialai.platforms.facebook.config import FacebookConfig
from socialai.platforms.facebook.meanings import REFUSALS
from socialai.platforms.meta.graph import Graph

FIELDS = (
    "messages",
    "messaging_postbacks",
    "message_echoes",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "message_edits",
    "feed",
    "mention",
)
_NEEDED = ("pages_messaging", "pages_manage_metadata")
_FOR_COMMENTS = ("pages_read_engagement", "pages_read_user_content", "pages_manage_engagement")
_SOON = timedelta(days=14)


class Done(Struct):
    success: bool = True


class Application(Struct):
    subscribed_fields: list[str] = []


class Applications(Struct):
    data: list[Application]


class Field(Struct):
    name: str


class Subscription(Struct):
    object: str
    callback_url: str | None = None
    active: bool = False
    fields: list[Field] = []


class Subscriptions(Struct):
    data: list[Subscription]


class Token(Struct):
    is_valid: bool = False
    scopes: list[str] = []
    expires_at: int = 0
    data_access_expires_at: int = 0


class Debugged(Struct):
    data: Token


def subscribe(graph: Graph, config: FacebookConfig, http: httpx.Client, url: str) -> None:
    """The app's address where its number is known, and the Page to it. DeliveryError."""
    if config.app_id:
        query = {
            "object": "page",
            "callback_url": url,
            "verify_token": config.verify_token,
            "fields": ",".join(FIELDS),
            "include_values": "true",
        }
        _of_app(config, http).repeat("POST", f"{config.app_id}/subscriptions", query, Done)
    graph.repeat("POST", f"{config.page_id}/subscribed_apps", {"subscribed_fields": ",".join(FIELDS)}, Done)


def examine(
    graph: Graph, config: FacebookConfig, http: httpx.Client, url: str, now: datetime
) -> Sequence[Finding]:
    """DeliveryError when it does not say."""
    found = [*_fields(graph, config)]
    if not config.app_id:
        says = "Enter the App ID, so that the hub can look at the token and the webhook address itself."
        return [*found, Finding("App ID", "warn", says)]
    app = _of_app(config, http)
    return [*_token(app, config, now), *_address(app, config, url), *found]


def _of_app(config: FacebookConfig, http: httpx.Client) -> Graph:
    base = f"{config.graph_url.rstrip('/')}/{config.api_version}"
    return Graph(base, f"{config.app_id}|{config.app_secret}", http, REFUSALS)


def _token(app: Graph, config: FacebookConfig, now: datetime) -> Iterator[Finding]:
    token = app.read("debug_token", {"input_token": config.page_token}, Debugged).data
    if not token.is_valid:
        yield Finding(
            "Token", "fix", "Facebook does not accept the Page's token any more. Connect the Page again."
        )
        return
    yield _life(token.expires_at or token.data_access_expires_at, now)
    if missing := [scope for scope in _NEEDED if scope not in token.scopes]:
        says = (
            f"Without {', '.join(missing)} no message can be read or answered. Connect again and grant them."
        )
        yield Finding("Permissions", "fix", says)
    elif missing := [scope for scope in _FOR_COMMENTS if scope not in token.scopes]:
        says = (
            f"Without {', '.join(missing)} comments cannot be read or answered. Connect again and grant them."
        )
        yield Finding("Permissions", "warn", says)
    else:
        yield Finding("Permissions", "ok", "All that is needed was granted.")


def _life(ends: int, now: datetime) -> Finding:
    if not ends:
        return Finding("Token", "ok", "The Page's token has no end.")
    left = datetime.fromtimestamp(ends, UTC) - now
    if left > _SOON:
        return Finding("Token", "ok", f"The Page's token works for another {left.days} days.")
    says = f"The Page's token ends in {max(left.days, 0)} days. Connect the Page again before that."
    return Finding("Token", "warn", says)


def _address(app: Graph, config: FacebookConfig, url: str) -> Iterator[Finding]:
    found = app.read(f"{config.app_id}/subscriptions", {}, Subscriptions).data
    page = next((each for each in found if each.object == "page" and each.active), None)
    if page is None:
        says = "The Meta app delivers nothing of Pages. Press “Deliver here”, or add the address in the app."
        yield Finding("Webhook", "fix", says)
    elif url and page.callback_url != url:
        yield Finding("Webhook", "fix", f"Facebook delivers to {page.callback_url} instead of {url}.")
    else:
        yield Finding("Webhook", "ok", "Facebook delivers to this hub.")


def _fields(graph: Graph, config: FacebookConfig) -> Iterator[Finding]:
    found = graph.read(f"{config.page_id}/subscribed_apps", {}, Applications).data
    subscribed = {field for app in found for field in app.subscribed_fields}
    missing = [field for field in FIELDS if field not in subscribed]
    if "messages" in missing:
        says = "The Page tells the app nothing of its messages. Press “Deliver here”."
        yield Finding("Subscribed fields", "fix", says)
    elif missing:
        yield Finding("Subscribed fields", "warn", f"The Page does not tell: {', '.join(missing)}.")
    else:
        yield Finding("Subscribed fields", "ok", "The Page tells everything that the hub reads.")
