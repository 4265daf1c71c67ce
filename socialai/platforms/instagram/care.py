"""The connection of an account: where its webhooks go, what it tells, and a token that lives on.

Source: shared contract sheet, Two flavours and Webhook. Instagram's own tokens cannot be looked into.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
from msgspec import Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Finding, Renewal
from socialai.platforms.instagram.config import InstagramConfig
from socialai.platforms.instagram.meanings import REFUSALS
from socialai.platforms.meta import care
from socialai.platforms.meta.graph import Graph

FIELDS = (
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_postbacks",
    "messaging_seen",
    "comments",
    "live_comments",
    "mentions",
)
_SCOPES = care.Scopes(
    needed=("instagram_basic", "instagram_manage_messages", "pages_manage_metadata"),
    wanted=("instagram_manage_comments",),
)


class Token(Struct):
    access_token: str
    expires_in: int


def subscribe(graph: Graph, config: InstagramConfig, http: httpx.Client, url: str) -> None:
    """The app's address where its number is known, and the account to it. DeliveryError."""
    if config.app_id:
        app = _app(config, config.app_id)
        care.deliver(care.of_app(app, http, REFUSALS), app, FIELDS, url)
    care.tell(graph, _node(config), FIELDS)


def examine(
    graph: Graph, config: InstagramConfig, http: httpx.Client, url: str, now: datetime
) -> Iterator[Finding]:
    """DeliveryError when it does not say."""
    if config.app_id:
        app = _app(config, config.app_id)
        of_app = care.of_app(app, http, REFUSALS)
        if config.facebook_login:
            yield from care.token(of_app, app, config.access_token, _SCOPES, now)
        yield from care.address(of_app, app, url)
    else:
        yield care.no_app()
    yield from care.fields(graph, _node(config), FIELDS, "account")


def renew(config: InstagramConfig, http: httpx.Client, now: datetime) -> Renewal:
    """Another 60 days. A token must be a day old for that: a younger one is tried again later."""
    if config.facebook_login:
        return Renewal({}, None)
    query = {"grant_type": "ig_refresh_token", "access_token": config.access_token}
    graph = Graph(config.address, config.access_token, http, REFUSALS)
    try:
        token = graph.read("refresh_access_token", query, Token)
    except DeliveryError as error:
        if error.outcome != "permanent":
            raise
        message = "Instagram did not renew the token yet; a new one has to be a day old."
        raise DeliveryError("retry", message, code=error.code) from None
    return Renewal({"access_token": token.access_token}, now + timedelta(seconds=token.expires_in))


def _node(config: InstagramConfig) -> str:
    """Through a Page it is the Page that tells."""
    return "me" if config.facebook_login else config.account_id


def _app(config: InstagramConfig, app_id: str) -> care.App:
    base = f"{config.app_address}/{config.api_version}"
    return care.App("Instagram", "account", app_id, config.app_secret, config.verify_token, base, "instagram")
