"""The connection of a Page: where its webhooks go, what it tells, and whether its token is good."""

from collections.abc import Iterator
from datetime import datetime

import httpx

from socialai.platforms.base import Finding
from socialai.platforms.facebook.config import FacebookConfig
from socialai.platforms.facebook.meanings import REFUSALS
from socialai.platforms.meta import care
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
_SCOPES = care.Scopes(
    needed=("pages_messaging", "pages_manage_metadata"),
    wanted=("pages_read_engagement", "pages_read_user_content", "pages_manage_engagement"),
)


def subscribe(graph: Graph, config: FacebookConfig, http: httpx.Client, url: str) -> None:
    """The app's address where its number is known, and the Page to it. DeliveryError."""
    if config.app_id:
        app = _app(config, config.app_id)
        care.deliver(care.of_app(app, http, REFUSALS), app, FIELDS, url)
    care.tell(graph, config.page_id, FIELDS)


def examine(
    graph: Graph, config: FacebookConfig, http: httpx.Client, url: str, now: datetime
) -> Iterator[Finding]:
    """DeliveryError when it does not say."""
    if config.app_id:
        app = _app(config, config.app_id)
        of_app = care.of_app(app, http, REFUSALS)
        yield from care.token(of_app, app, config.page_token, _SCOPES, now)
        yield from care.address(of_app, app, url)
    else:
        yield care.no_app()
    yield from care.fields(graph, config.page_id, FIELDS, "Page")


def _app(config: FacebookConfig, app_id: str) -> care.App:
    base = f"{config.graph_url.rstrip('/')}/{config.api_version}"
    return care.App("Facebook", "Page", app_id, config.app_secret, config.verify_token, base, "page")
