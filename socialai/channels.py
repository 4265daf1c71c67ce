"""Adapters of a tenant's channels, with their credentials opened; kept until a channel changes."""

import asyncio
import sqlite3
import threading
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpx
import msgspec

from socialai.domain.channel import Channel, Polls
from socialai.domain.conversation import Conversation
from socialai.domain.limits import Limits
from socialai.errors import InvalidInput, NotFound, WrongKey
from socialai.outside import Outside
from socialai.platform_apps import PlatformApps
from socialai.platforms.base import Platform, Renewal, secret_fields
from socialai.platforms.gate import Gate
from socialai.platforms.registry import PLATFORMS
from socialai.store import channels as store
from socialai.store.files import Files
from socialai.store.vault import Vault, delete_secret, find_secret, put_secret


def adapter_kind(platform: str) -> type[Platform]:
    try:
        return PLATFORMS[platform]
    except KeyError:
        raise NotFound(f"There is no platform '{platform}' here. Known: {', '.join(PLATFORMS)}.") from None


def limits_of(channel: Channel, conversation: Conversation) -> Limits:
    """How long what is said in this conversation may be, and until when it is answered."""
    return adapter_kind(channel.platform).capabilities.limits(in_public=conversation.in_public)


def usual_limits(platform: str) -> Limits:
    """Of private messages; of comments, where a platform has only these."""
    capabilities = adapter_kind(platform).capabilities
    return capabilities.limits(in_public=capabilities.messages is None)


_Place = tuple[str, int]
"""A tenant's channel."""

_NEARLY = timedelta(minutes=1)
_UNKNOWN_END = timedelta(hours=1)
"""After this a token is renewed of which nobody told when it ends."""


class _Opened(NamedTuple):
    adapter: Platform
    expires_at: datetime | None


class Channels:
    """The only place where a channel's credentials are opened."""

    def __init__(self, files: Files, vault: Vault, http: httpx.Client, outside: Outside) -> None:
        self.outside = outside
        self.apps = PlatformApps(files, vault, http)
        self._files = files
        self._vault = vault
        self._http = http
        self._lock = threading.Lock()
        self._opened: dict[str, dict[int, _Opened | WrongKey]] = {}
        self._gates: defaultdict[_Place, Gate] = defaultdict(Gate)
        self._renewing: defaultdict[_Place, threading.Lock] = defaultdict(threading.Lock)

    def adapter(self, tenant_id: str, channel_id: int) -> Platform:
        """Raises NotFound, or WrongKey when its credentials cannot be opened."""
        return self._find(tenant_id, channel_id).adapter

    def fresh(self, tenant_id: str, channel_id: int, now: datetime) -> Platform:
        """With a token that has not ended, renewed where that is possible. Raises as `adapter` and
        `renew`."""
        opened = self._find(tenant_id, channel_id)
        ends_at, renews = opened.expires_at, opened.adapter.capabilities.renews
        if renews and ends_at and ends_at - now <= _NEARLY:
            return self.renew(tenant_id, channel_id, now, ends_at)
        return opened.adapter

    def gate(self, tenant_id: str, channel_id: int) -> Gate:
        """Of what is sent through it."""
        return self._gates[tenant_id, channel_id]

    async def adapters(self, tenant_id: str, platform: str) -> list[Platform]:
        """The tenant's adapters of one platform; a file is opened only when they are not kept yet.

        WrongKey when the credentials of none can be opened.
        """
        known = self._opened.get(tenant_id)
        if known is None:
            known = await asyncio.to_thread(self._open, tenant_id)
        opened = [found.adapter for found in known.values() if isinstance(found, _Opened)]
        if known and not opened:
            raise next(WrongKey(str(found)) for found in known.values())
        return [adapter for adapter in opened if adapter.kind == platform]

    def draft(self, platform: str, values: dict[str, Any]) -> Platform:
        """An adapter for values that are not kept, to check them."""
        kind = adapter_kind(platform)
        try:
            return kind(msgspec.convert(values, kind.Config), self._http)
        except msgspec.ValidationError as error:
            raise InvalidInput(f"These {kind.title} details are not complete: {error}") from None

    def connect(
        self,
        tenant_id: str,
        platform: str,
        name: str,
        values: dict[str, Any],
        now: datetime,
        expires_at: datetime | None = None,
    ) -> Channel:
        """Keep an account and seal its secrets. `values` are the fields of the platform's Config; its token
        is good until `expires_at`, None: for ever, or nobody knows."""
        adapter = self.draft(platform, values)
        fields, secrets = _parted(adapter)

        def keep(db: sqlite3.Connection) -> Channel:
            channel = store.put(db, platform, adapter.external_id, name, fields, now)
            put_secret(db, self._vault, tenant_id, _secret_name(channel.id), secrets)
            store.set_token(db, channel.id, expires_at, _renew_at(adapter, expires_at, now))
            store.set_polls(db, channel.id, channel.polls, poll_at(adapter, channel.polls, now))
            return store.get(db, channel.id)

        channel = self._files.tenant(tenant_id).write(keep)
        self._gates.pop((tenant_id, channel.id), None)
        self.forget(tenant_id)
        return channel

    def renew(
        self, tenant_id: str, channel_id: int, now: datetime, ends_at: datetime | None = None
    ) -> Platform:
        """With a token that lives longer, kept before anybody uses it. One at a time: whose token ended at
        `ends_at` gets what another renewed meanwhile. DeliveryError: it stays as it was."""
        with self._renewing[tenant_id, channel_id]:
            self.forget(tenant_id)  # another process may have renewed it
            opened = self._find(tenant_id, channel_id)
            if ends_at and opened.expires_at != ends_at:
                return opened.adapter
            renewal = opened.adapter.renew(now)
            self._keep_renewed(tenant_id, channel_id, opened.adapter, renewal, now)
            return self.adapter(tenant_id, channel_id)

    def disconnect(self, tenant_id: str, channel_id: int) -> None:
        """Remove the account with its conversations and credentials."""

        def remove(db: sqlite3.Connection) -> None:
            store.get(db, channel_id)
            store.delete(db, channel_id)
            delete_secret(db, _secret_name(channel_id))

        self._files.tenant(tenant_id).write(remove)
        self.forget(tenant_id)

    def close(self) -> None:
        self._http.close()

    def forget(self, tenant_id: str) -> None:
        """Something changed: open the credentials again when next asked."""
        with self._lock:
            self._opened.pop(tenant_id, None)

    def _keep_renewed(
        self, tenant_id: str, channel_id: int, adapter: Platform, renewal: Renewal, now: datetime
    ) -> None:
        """What the platform left empty stays as it was."""
        news = {name: value for name, value in renewal.values.items() if value}
        renewed = self.draft(adapter.kind, {**msgspec.to_builtins(adapter.config), **news})
        fields, secrets = _parted(renewed)

        def keep(db: sqlite3.Connection) -> None:
            put_secret(db, self._vault, tenant_id, _secret_name(channel_id), secrets)
            store.set_config(db, channel_id, fields)
            store.set_token(db, channel_id, renewal.expires_at, _renew_at(renewed, renewal.expires_at, now))

        self._files.tenant(tenant_id).write(keep)
        self.forget(tenant_id)

    def _find(self, tenant_id: str, channel_id: int) -> _Opened:
        found = self._open(tenant_id).get(channel_id)
        if found is None:
            raise NotFound(f"There is no channel {channel_id}.")
        if isinstance(found, WrongKey):
            raise WrongKey(str(found))
        return found

    def _open(self, tenant_id: str) -> dict[int, _Opened | WrongKey]:
        found = self._opened.get(tenant_id)
        if found is not None:
            return found
        with self._lock:
            opened = self._files.tenant(tenant_id).read(lambda db: self._read(db, tenant_id))
            self._opened[tenant_id] = opened
            return opened

    def _read(self, db: sqlite3.Connection, tenant_id: str) -> dict[int, _Opened | WrongKey]:
        return {channel.id: self._build(db, tenant_id, channel) for channel in store.channels(db)}

    def _build(self, db: sqlite3.Connection, tenant_id: str, channel: Channel) -> _Opened | WrongKey:
        """One channel that cannot be opened does not close the others."""
        kind = adapter_kind(channel.platform)
        try:
            secrets = find_secret(db, self._vault, tenant_id, _secret_name(channel.id))
        except WrongKey as error:
            return error
        config = msgspec.convert(channel.config | secrets, kind.Config)
        return _Opened(kind(config, self._http), channel.token_expires_at)


def _parted(adapter: Platform) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of its Config that everybody may see, and those that are sealed."""
    fields = msgspec.to_builtins(adapter.config)
    return fields, {key: fields.pop(key) for key in secret_fields(adapter.Config)}


def poll_at(adapter: type[Platform] | Platform, polls: Polls, now: datetime) -> datetime | None:
    """When it is asked for news first; None: it is not. Where that costs money an owner has to want it."""
    polling = adapter.capabilities.polling
    if polling is None or polls == "off" or (polls == "auto" and polling.price):
        return None
    return now


def _renew_at(adapter: Platform, expires_at: datetime | None, now: datetime) -> datetime | None:
    before = adapter.capabilities.renews
    if before is None:
        return None
    return max(now, expires_at - before) if expires_at else now + _UNKNOWN_END


def _secret_name(channel_id: int) -> str:
    return f"channel/{channel_id}"
