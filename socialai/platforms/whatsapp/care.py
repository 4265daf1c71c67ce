"""The connection of a number: where its webhooks go, and what Meta thinks of it.

Source: business-messaging-api_v23.0.yaml (subscribed_apps with an address of its own, the number's fields).
"""

from collections.abc import Iterator
from datetime import datetime

import httpx
from msgspec import Struct

from socialai.platforms.base import Finding
from socialai.platforms.meta import care
from socialai.platforms.meta.graph import Graph
from socialai.platforms.whatsapp.config import WhatsAppConfig
from socialai.platforms.whatsapp.meanings import REFUSALS

_SCOPES = care.Scopes(needed=("whatsapp_business_messaging", "whatsapp_business_management"))
_FIELDS = "verified_name,display_phone_number,quality_rating,status,name_status"
_QUALITY = {
    "YELLOW": Finding("Quality", "warn", "Some people complain about the number; see WhatsApp Manager."),
    "RED": Finding(
        "Quality", "fix", "So many people complain that Meta may restrict the number: only answer."
    ),
}
_CONTENT = Finding("Quality", "ok", "Meta is content with the number.")
_PRESS = "Press “Deliver here”."
_OBJECT = "whatsapp_business_account"


class Number(Struct):
    verified_name: str | None = None
    display_phone_number: str | None = None
    quality_rating: str | None = None
    status: str | None = None

    @property
    def title(self) -> str:
        return self.verified_name or self.display_phone_number or ""


class Application(Struct):
    override_callback_uri: str | None = None


class Applications(Struct):
    data: list[Application]


class Done(Struct):
    success: bool = True


def number(graph: Graph, config: WhatsAppConfig) -> Number:
    return graph.read(config.phone_number_id, {"fields": _FIELDS}, Number)


def subscribe(graph: Graph, config: WhatsAppConfig, url: str) -> None:
    """Everything of this account goes to `url`; Meta asks there first. DeliveryError."""
    address = {"override_callback_uri": url, "verify_token": config.verify_token}
    graph.write(f"{config.waba_id}/subscribed_apps", address, Done)


def examine(
    graph: Graph, config: WhatsAppConfig, http: httpx.Client, url: str, now: datetime
) -> Iterator[Finding]:
    """DeliveryError when it does not say."""
    if config.app_id:
        app = care.App("WhatsApp", "number", config.app_id, config.app_secret, "", config.base, _OBJECT)
        yield from care.token(care.of_app(app, http, REFUSALS), app, config.access_token, _SCOPES, now)
    else:
        yield care.no_app()
    yield _address(graph, config, url)
    yield from _number(number(graph, config))


def _address(graph: Graph, config: WhatsAppConfig, url: str) -> Finding:
    found = graph.read(f"{config.waba_id}/subscribed_apps", {}, Applications).data
    elsewhere = [app.override_callback_uri for app in found if app.override_callback_uri not in (None, url)]
    if not found:
        says = f"WhatsApp tells the app nothing of this account. {_PRESS}"
        return Finding("Webhook", "fix", says)
    if url and elsewhere:
        says = f"WhatsApp delivers to {elsewhere[0]} instead of {url}. {_PRESS}"
        return Finding("Webhook", "fix", says)
    return Finding("Webhook", "ok", "WhatsApp delivers what comes for this account.")


def _number(found: Number) -> Iterator[Finding]:
    yield _QUALITY.get(found.quality_rating or "", _CONTENT)
    if found.status not in (None, "CONNECTED"):
        says = f"Meta calls the number {found.status.lower()}; look at it in WhatsApp Manager."
        yield Finding("Number", "fix", says)
