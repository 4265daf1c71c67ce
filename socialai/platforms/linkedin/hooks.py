"""Where LinkedIn delivers, and what it thinks of the connection.

Source: shared contract sheet; MS Learn, event subscriptions. A subscription is of one app, one administrator
and one Page; it dies with the administrator's token or role.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Finding
from socialai.platforms.calls import Calls
from socialai.platforms.linkedin import urns
from socialai.platforms.linkedin.config import LinkedInConfig
from socialai.platforms.linkedin.events import TYPE
from socialai.platforms.reading import Id, moment

_UNNAMED = "Enter the app number and the member id, so that the hub can tell LinkedIn where to deliver."
_OLD_MONTHS, _RETIRED_MONTHS = 9, 12


class Subscription(Struct):
    webhook: str = ""
    expiresAt: Id | None = None  # noqa: N815 - LinkedIn's name


def subscribe(calls: Calls, config: LinkedInConfig, url: str) -> None:
    if not (config.app_id and config.member_id):
        raise DeliveryError("permanent", _UNNAMED, code="unnamed")
    calls.repeat("PUT", _path(config), json={"webhook": url})


def examine(calls: Calls, config: LinkedInConfig, url: str, now: datetime) -> Sequence[Finding]:
    return [*_about_webhook(calls, config, url, now), _about_version(config.api_version, now)]


def _path(config: LinkedInConfig) -> str:
    """The signs of the key stay as they are, the names in it do not."""
    app = urns.in_path(f"urn:li:developerApplication:{config.app_id}")
    user = urns.in_path(f"urn:li:person:{config.member_id}")
    entity = urns.in_path(config.organization)
    key = f"(developerApplication:{app},user:{user},entity:{entity},eventType:{TYPE})"
    return f"rest/eventSubscriptions/{key}"


def _about_webhook(calls: Calls, config: LinkedInConfig, url: str, now: datetime) -> Iterator[Finding]:
    if not (config.app_id and config.member_id):
        yield Finding("Webhook", "warn", _UNNAMED)
        return
    try:
        found = calls.read(_path(config), {}, Subscription)
    except DeliveryError as error:
        if error.outcome != "permanent":
            raise
        says = (
            "LinkedIn delivers nothing here; until its app is granted webhooks the hub asks for news itself."
        )
        yield Finding("Webhook", "warn", says)
        return
    if url and found.webhook != url:
        yield Finding("Webhook", "fix", f"LinkedIn delivers to {found.webhook} instead of {url}.")
    elif found.expiresAt is not None and moment(found.expiresAt) <= now:
        yield Finding("Webhook", "fix", "The subscription has ended. Press “Deliver here”.")
    else:
        yield Finding("Webhook", "ok", "LinkedIn delivers to this hub.")


def _about_version(version: str, now: datetime) -> Finding:
    made = datetime(int(version[:4]), int(version[4:]), 1, tzinfo=UTC)
    months = (now.year - made.year) * 12 + now.month - made.month
    if months > _RETIRED_MONTHS:
        says = f"LinkedIn has probably retired its API version {version}. Enter a newer one in the settings."
        return Finding("API version", "fix", says)
    if months > _OLD_MONTHS:
        says = f"LinkedIn will retire its API version {version} soon. Enter a newer one in the settings."
        return Finding("API version", "warn", says)
    return Finding("API version", "ok", f"The API version {version} is recent enough.")
