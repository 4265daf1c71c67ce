"""The apps at the platforms, through which owners connect accounts: the tenant's own, or the
installation's."""

import sqlite3
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from socialai.errors import InvalidInput, NotFound
from socialai.platforms.base import secret_fields
from socialai.platforms.connecting import Connector
from socialai.platforms.connectors import CONNECTORS
from socialai.store import hub_settings
from socialai.store.files import Files
from socialai.store.vault import Vault, delete_secret, find_secret, put_secret


class PlatformApps:
    """The only place where an app's credentials are opened."""

    def __init__(self, files: Files, vault: Vault, http: httpx.Client) -> None:
        self._files, self._vault, self._http = files, vault, http

    def connector(self, tenant_id: str, platform: str) -> Connector:
        """NotFound: there is no app yet, or this platform is connected by hand. WrongKey."""
        kind = connector_kind(platform)
        values = self.own(tenant_id, platform) or self.shared(platform)
        if values is None:
            raise NotFound("There is no app at this platform yet. Enter its details first.")
        return kind(_app(kind, values), self._http)

    def shared_connector(self, platform: str) -> Connector:
        """Of the installation's app; NotFound when it has none."""
        kind, values = connector_kind(platform), self.shared(platform)
        if values is None:
            raise NotFound("This installation has no app of its own there.")
        return kind(_app(kind, values), self._http)

    def is_shared(self, tenant_id: str, platform: str) -> bool:
        """Whether the tenant's accounts are connected through the installation's app."""
        return self.own(tenant_id, platform) is None and self.shared(platform) is not None

    def own(self, tenant_id: str, platform: str) -> dict[str, Any] | None:
        """The fields of the tenant's app, secrets among them."""
        read = self._files.tenant(tenant_id).read
        return read(lambda db: find_secret(db, self._vault, tenant_id, _name(platform))) or None

    def shared(self, platform: str) -> dict[str, Any] | None:
        """The fields of the installation's app."""
        plain = self._files.app.read(lambda db: hub_settings.find_secret(db, self._vault, _name(platform)))
        return msgspec.json.decode(plain) if plain else None

    def put_own(self, tenant_id: str, platform: str, values: dict[str, Any]) -> None:
        """InvalidInput says what is wrong."""
        kept = _builtins(_app(connector_kind(platform), values))

        def keep(db: sqlite3.Connection) -> None:
            put_secret(db, self._vault, tenant_id, _name(platform), kept)

        self._files.tenant(tenant_id).write(keep)

    def put_shared(self, platform: str, values: dict[str, Any]) -> None:
        plain = msgspec.json.encode(_app(connector_kind(platform), values))
        self._files.app.write(lambda db: hub_settings.put_secret(db, self._vault, _name(platform), plain))

    def remove_own(self, tenant_id: str, platform: str) -> None:
        self._files.tenant(tenant_id).write(lambda db: delete_secret(db, _name(platform)))

    def seal(self, tenant_id: str, attempt_id: int, plain: bytes) -> bytes:
        """What an attempt to connect keeps while its owner is away."""
        return self._vault.seal(tenant_id, f"attempt/{attempt_id}", plain)

    def open(self, tenant_id: str, attempt_id: int, sealed: bytes) -> bytes:
        return self._vault.open(tenant_id, f"attempt/{attempt_id}", sealed)


def connector_kind(platform: str) -> type[Connector]:
    try:
        return CONNECTORS[platform]
    except KeyError:
        raise NotFound(f"'{platform}' is not connected by signing in there.") from None


def app_secrets(kind: type[Connector]) -> list[str]:
    return list(secret_fields(kind.App))


def _app(kind: type[Connector], values: dict[str, Any]) -> Struct:
    try:
        return msgspec.convert(values, kind.App)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"These details are not complete: {error}") from None


def _builtins(app: Struct) -> dict[str, Any]:
    kept: dict[str, Any] = msgspec.to_builtins(app)
    return kept


def _name(platform: str) -> str:
    return f"app/{platform}"
