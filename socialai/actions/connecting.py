"""An owner connects accounts by signing in at their platform: there, back, and the choice of which."""

import base64
import hashlib
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from socialai.actions import channels as connected
from socialai.channels import adapter_kind
from socialai.context import App
from socialai.domain.attempt import Attempt
from socialai.domain.channel import Channel
from socialai.errors import DeliveryError, InvalidInput, NotAllowed, NotFound
from socialai.platforms.connecting import Granted
from socialai.security.permissions import Principal
from socialai.store import accounts, attempts

_SECRET_BYTES = 32
_GONE = "This sign-in is over. Begin it again on the page Channels."


class Choice(Struct, frozen=True):
    """An account that can be connected; `connected` is the channel's id when it is one already."""

    external_id: str
    name: str
    connected: int | None


class Choices(Struct, frozen=True):
    platform: str
    accounts: Sequence[Choice]
    missing: Sequence[str]


class _Account(Struct, frozen=True):
    external_id: str
    name: str
    values: dict[str, Any]
    expires_at: datetime | None


class _Back(Struct, frozen=True):
    """What came back, while the owner chooses."""

    accounts: list[_Account]
    missing: list[str]


def begin(app: App, who: Principal, platform: str, back: str) -> str:
    """Where the browser goes to sign in. `back` is the origin of the page that asks."""
    connector = app.channels.apps.connector(who.tenant_id, platform)
    state = f"{who.tenant_id}.{secrets.token_urlsafe(_SECRET_BYTES)}"
    verifier = secrets.token_urlsafe(_SECRET_BYTES)
    redirect = callback(app, platform, back)
    now = app.clock()

    def keep(db: sqlite3.Connection) -> None:
        attempt_id = attempts.add(db, state, platform, who.user_id, back, redirect, now)
        attempts.seal(db, attempt_id, app.channels.apps.seal(who.tenant_id, attempt_id, verifier.encode()))

    app.files.tenant(who.tenant_id).write(keep)
    return connector.authorise_url(state, redirect, _challenge(verifier))


def callback(app: App, platform: str, back: str) -> str:
    """Where the platform sends the browser: what an owner enters in the app there."""
    return f"{(app.channels.outside.url or back).rstrip('/')}/auth/social/{platform}/callback"


def come_back(app: App, who: Principal | None, platform: str, query: Mapping[str, str]) -> str:
    """Where the browser goes on after the platform has sent it. NotFound or NotAllowed: the state is not
    ours, used up, too old, another platform's, or another person's."""
    state = query.get("state", "")
    tenant_id, attempt = _take(app, platform, state)
    if who is not None and (who.tenant_id, who.user_id) != (tenant_id, attempt.user_id):
        raise NotAllowed("Somebody else began this sign-in. Begin it again as yourself.")
    if refused := query.get("error"):
        return _with(attempt, refused="denied" if refused == "access_denied" else "failed")
    try:
        granted = _grant(app, tenant_id, attempt, query.get("code", ""))
    except DeliveryError:
        return _with(attempt, refused="failed")
    proof = secrets.token_urlsafe(_SECRET_BYTES)
    sealed = app.channels.apps.seal(tenant_id, attempt.id, msgspec.json.encode(_back(granted)))
    app.files.tenant(tenant_id).write(lambda db: attempts.prove(db, attempt.id, proof, sealed))
    return f"{attempt.back}/channels/accounts/{attempt.id}?{urlencode({'proof': proof})}"


def choices(app: App, who: Principal, attempt_id: int, proof: str) -> Choices:
    """NotFound unless this person began it and this browser came back."""
    attempt, found = _open(app, who, attempt_id, proof)
    known = {channel.external_id: channel.id for channel in connected.of_platform(app, who, attempt.platform)}
    accounts = [Choice(one.external_id, one.name, known.get(one.external_id)) for one in found.accounts]
    return Choices(attempt.platform, accounts, found.missing)


def choose(
    app: App, who: Principal, attempt_id: int, proof: str, external_ids: Sequence[str]
) -> list[Channel]:
    """Connect these, tell the platform where to deliver, and read back that it works."""
    attempt, found = _open(app, who, attempt_id, proof)
    chosen = [account for account in found.accounts if account.external_id in external_ids]
    if not chosen:
        raise InvalidInput("Choose at least one account.")
    if found.missing:
        raise InvalidInput(
            f"These permissions are missing: {', '.join(found.missing)}. Sign in again and grant them."
        )
    made = [_connect(app, who, attempt.platform, account) for account in chosen]
    app.files.tenant(who.tenant_id).write(lambda db: attempts.end(db, attempt_id))
    return made


def _connect(app: App, who: Principal, platform: str, account: _Account) -> Channel:
    if app.channels.apps.is_shared(who.tenant_id, platform):
        app.files.app.write(lambda db: accounts.claim(db, platform, account.external_id, who.tenant_id))
    channel = connected.connect(
        app, who, platform, account.name, account.values, expires_at=account.expires_at
    )
    connected.check(app, who, channel.id)
    connected.subscribe(app, who, channel.id)
    return channel


def _take(app: App, platform: str, state: str) -> tuple[str, Attempt]:
    tenant_id = state.partition(".")[0]
    now = app.clock()
    try:
        adapter_kind(platform)
        attempt = app.files.tenant(tenant_id).write(lambda db: attempts.take(db, state, platform, now))
    except InvalidInput:
        raise NotFound(_GONE) from None
    if attempt is None:
        raise NotFound(_GONE)
    return tenant_id, attempt


def _grant(app: App, tenant_id: str, attempt: Attempt, code: str) -> Granted:
    if not code:
        raise DeliveryError("permanent", "The platform sent no code.", code="no_code")
    sealed = app.files.tenant(tenant_id).read(lambda db: attempts.sealed(db, attempt.id))
    verifier = app.channels.apps.open(tenant_id, attempt.id, sealed).decode()
    connector = app.channels.apps.connector(tenant_id, attempt.platform)
    return connector.grant(code, attempt.redirect, verifier, app.clock())


def _back(granted: Granted) -> _Back:
    accounts = [
        _Account(found.external_id, found.name, dict(found.values), found.expires_at)
        for found in granted.accounts
    ]
    return _Back(accounts, list(granted.missing))


def _open(app: App, who: Principal, attempt_id: int, proof: str) -> tuple[Attempt, _Back]:
    now = app.clock()

    def read(db: sqlite3.Connection) -> tuple[Attempt, bytes] | None:
        found = attempts.find(db, attempt_id, who.user_id, proof, now)
        return (found, attempts.sealed(db, attempt_id)) if found else None

    kept = app.files.tenant(who.tenant_id).read(read)
    if kept is None:
        raise NotFound(_GONE)
    plain = app.channels.apps.open(who.tenant_id, attempt_id, kept[1])
    return kept[0], msgspec.json.decode(plain, type=_Back)


def _with(attempt: Attempt, **said: str) -> str:
    query = urlencode({"platform": attempt.platform, **said})
    return f"{attempt.back}/channels?{query}"


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
