"""Adapters of a tenant's channels, with their credentials opened; kept until a channel changes."""

import asyncio
import sqlite3
import threading
from datetime import datetime
from typing import Any

import httpx
import msgspec

from socialai.domain.channel import Channel
from socialai.domain.conversation import Conversation
from socialai.domain.limits import Limits
from socialai.errors import InvalidInput, NotFound, WrongKey
from socialai.outside import Outside
from socialai.platforms.base import Platform, secret_fields
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


class Channels:
    """The only place where a channel's credentials are opened."""

    def __init__(self, files: Files, vault: Vault, http: httpx.Client, outside: Outside) -> None:
        self.outside = outside
        self._files = files
        self._vault = vault
        self._http = http
        self._lock = threading.Lock()
        self._adapters: dict[str, dict[int, Platform | WrongKey]] = {}

    def adapter(self, tenant_id: str, channel_id: int) -> Platform:
        """Raises NotFound, or WrongKey when its credentials cannot be opened."""
        found = self._open(tenant_id).get(channel_id)
        if found is None:
            raise NotFound(f"There is no channel {channel_id}.")
        if isinstance(found, WrongKey):
            raise WrongKey(str(found))
        return found

    async def adapters(self, tenant_id: str, platform: str) -> list[Platform]:
        """The tenant's adapters of one platform; a file is opened only when they are not kept yet.

        WrongKey when the credentials of none can be opened.
        """
        known = self._adapters.get(tenant_id)
        if known is None:
            known = await asyncio.to_thread(self._open, tenant_id)
        opened = [found for found in known.values() if isinstance(found, Platform)]
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
        self, tenant_id: str, platform: str, name: str, values: dict[str, Any], now: datetime
    ) -> Channel:
        """Keep an account and seal its secrets. `values` are the fields of the platform's Config."""
        adapter = self.draft(platform, values)
        hidden = secret_fields(adapter.Config)
        fields = msgspec.to_builtins(adapter.config)
        secrets = {key: fields.pop(key) for key in hidden}

        def keep(db: sqlite3.Connection) -> Channel:
            channel = store.put(db, platform, adapter.external_id, name, fields, now)
            put_secret(db, self._vault, tenant_id, _secret_name(channel.id), secrets)
            return channel

        channel = self._files.tenant(tenant_id).write(keep)
        self.forget(tenant_id)
        return channel

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
            self._adapters.pop(tenant_id, None)

    def _open(self, tenant_id: str) -> dict[int, Platform | WrongKey]:
        found = self._adapters.get(tenant_id)
        if found is not None:
            return found
        with self._lock:
            adapters = self._files.tenant(tenant_id).read(lambda db: self._read(db, tenant_id))
            self._adapters[tenant_id] = adapters
            return adapters

    def _read(self, db: sqlite3.Connection, tenant_id: str) -> dict[int, Platform | WrongKey]:
        return {channel.id: self._build(db, tenant_id, channel) for channel in store.channels(db)}

    def _build(self, db: sqlite3.Connection, tenant_id: str, channel: Channel) -> Platform | WrongKey:
        """One channel that cannot be opened does not close the others."""
        kind = adapter_kind(channel.platform)
        try:
            secrets = find_secret(db, self._vault, tenant_id, _secret_name(channel.id))
        except WrongKey as error:
            return error
        return kind(msgspec.convert(channel.config | secrets, kind.Config), self._http)


def _secret_name(channel_id: int) -> str:
    return f"channel/{channel_id}"
