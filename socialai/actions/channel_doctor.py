"""What is right and wrong with a channel's connection, and what to do: the hub's own look, and the
platform's."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from socialai.actions.channels import webhook_url
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.errors import DeliveryError, WrongKey
from socialai.platforms.base import Finding, Platform, Rehearsal, destination_fields
from socialai.platforms.checks import is_on_this_machine
from socialai.security.permissions import Principal
from socialai.store import channels

_SKEW = timedelta(minutes=2)
_QUIET = timedelta(days=2)
_SECONDS = 10.0


def examine(app: App, who: Principal, channel_id: int) -> list[Finding]:
    database, now = app.files.tenant(who.tenant_id), app.clock()
    channel = database.read(lambda db: channels.get(db, channel_id))
    try:
        adapter = app.channels.fresh(who.tenant_id, channel_id, now)
    except WrongKey as error:
        return [Finding("Credentials", "fix", str(error))]
    except DeliveryError as error:
        return [Finding("Token", "fix", str(error))]
    base = app.channels.outside.url
    url = webhook_url(app, base, who.tenant_id, channel.platform) if base else ""
    return [
        *_account(adapter),
        *_webhook(adapter, url),
        _deliveries(channel, now),
        *_platforms_own(adapter, url, now),
        *_clock(adapter, now),
    ]


def _account(adapter: Platform) -> Iterator[Finding]:
    try:
        yield Finding("Account", "ok", f"{adapter.title} knows the account as “{adapter.check()}”.")
    except DeliveryError as error:
        yield Finding("Account", "warn" if error.outcome == "retry" else "fix", str(error))


def _webhook(adapter: Platform, url: str) -> Iterator[Finding]:
    """Asked as the platform asks: the handshake, then a delivery that is signed as its own are."""
    if not adapter.capabilities.webhooks:
        return
    if not url:
        says = "Platforms cannot reach this machine. Set up a tunnel, or a name of its own, under Settings."
        if adapter.capabilities.polling:
            yield Finding("Address", "warn", f"{says} Until then the hub asks for news itself.")
        else:
            yield Finding("Address", "fix", says)
    elif not url.startswith("https://") and not _is_near(adapter):
        yield Finding("Address", "fix", f"{url} does not begin with https://, which platforms want.")
    elif rehearsal := adapter.rehearse():
        yield _handshake(adapter.http, url, rehearsal)
        yield _delivery(adapter.http, url, rehearsal)


def _is_near(adapter: Platform) -> bool:
    """A stand-in on this machine reaches it without a name."""
    return any(map(is_on_this_machine, _places(adapter)))


def _places(adapter: Platform) -> list[str]:
    return [getattr(adapter.config, name) for name in destination_fields(adapter.Config)]


def _handshake(http: httpx.Client, url: str, rehearsal: Rehearsal) -> Finding:
    if not rehearsal.query:
        return Finding("Address", "ok", "The platform asks nothing of it beforehand.")
    try:
        answer = http.get(url, params=dict(rehearsal.query), timeout=_SECONDS)
    except httpx.HTTPError:
        return Finding("Address", "fix", f"{url} cannot be reached from here. Check the tunnel or the proxy.")
    if answer.status_code == 200 and rehearsal.answer in answer.text:
        return Finding("Address", "ok", "It can be reached, and answers the platform's question rightly.")
    says = (
        f"It answers {answer.status_code} instead of this hub. Check what the tunnel or the proxy passes on."
    )
    return Finding("Address", "fix", says)


def _delivery(http: httpx.Client, url: str, rehearsal: Rehearsal) -> Finding:
    try:
        answer = http.post(url, content=rehearsal.body, headers=dict(rehearsal.headers), timeout=_SECONDS)
    except httpx.HTTPError:
        return Finding("Signature", "fix", "A signed test delivery did not arrive.")
    if answer.status_code == 200:
        return Finding("Signature", "ok", "A signed test delivery was accepted and kept.")
    says = f"A signed test delivery was turned away ({answer.status_code}). Something on the way changes it."
    return Finding("Signature", "fix", says)


def _deliveries(channel: Channel, now: datetime) -> Finding:
    at = channel.last_event_at
    if at is None:
        return Finding(
            "Deliveries", "warn", "Nothing has arrived yet. Write to the account from another one."
        )
    if now - at > _QUIET:
        return Finding("Deliveries", "warn", f"Nothing has arrived for {(now - at).days} days.")
    return Finding("Deliveries", "ok", "Deliveries arrive.")


def _platforms_own(adapter: Platform, url: str, now: datetime) -> Iterator[Finding]:
    try:
        yield from adapter.examine(url, now)
    except DeliveryError as error:
        yield Finding(adapter.title, "warn", f"It did not say more: {error}")


def _clock(adapter: Platform, now: datetime) -> Iterator[Finding]:
    """Signatures and windows go by time."""
    for place in _places(adapter)[:1]:
        try:
            said = adapter.http.head(place, timeout=_SECONDS).headers.get("date", "")
            off = abs(parsedate_to_datetime(said) - now)
        except (httpx.HTTPError, ValueError, TypeError):
            return
        if off > _SKEW:
            minutes = round(off.total_seconds() / 60)
            says = f"This machine's clock is {minutes} minutes off. Have it set by the network."
            yield Finding("Clock", "fix", says)
        else:
            yield Finding("Clock", "ok", "This machine's clock is right.")
