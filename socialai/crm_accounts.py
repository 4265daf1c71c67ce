"""Adapters of a tenant's CRMs, with their credentials opened; kept until one of them changes."""

import sqlite3
import threading
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec

from socialai.crms.base import CrmAdapter
from socialai.crms.registry import CRMS
from socialai.domain.crm import Crm
from socialai.errors import InvalidInput, NotFound, WrongKey
from socialai.platforms.base import Renewal, secret_fields
from socialai.platforms.gate import Gate
from socialai.store import crms
from socialai.store.files import Files
from socialai.store.vault import Vault, delete_secret, find_secret, put_secret

_NEARLY = timedelta(minutes=1)
_Place = tuple[str, int]


def crm_kind(kind: str) -> type[CrmAdapter]:
    try:
        return CRMS[kind]
    except KeyError:
        raise NotFound(f"There is no CRM '{kind}' here. Known: {', '.join(CRMS)}.") from None


class CrmAccounts:
    """The only place where a CRM's credentials are opened."""

    def __init__(self, files: Files, vault: Vault, http: httpx.Client) -> None:
        self._files, self._vault, self._http = files, vault, http
        self._lock = threading.Lock()
        self._opened: dict[_Place, CrmAdapter] = {}
        self._gates: defaultdict[_Place, Gate] = defaultdict(Gate)
        self._renewing: defaultdict[_Place, threading.Lock] = defaultdict(threading.Lock)

    def draft(self, kind: str, values: dict[str, Any]) -> CrmAdapter:
        """An adapter for values that are not kept, to check them."""
        made = crm_kind(kind)
        try:
            return made(msgspec.convert(values, made.Config), self._http)
        except msgspec.ValidationError as error:
            raise InvalidInput(f"These {made.title} details are not complete: {error}") from None

    def connect(self, tenant_id: str, adapter: CrmAdapter, external_id: str, name: str, now: datetime) -> Crm:
        """Keep an account and seal its secrets; one whose tokens end is renewed at its first use."""
        fields, secrets = _parted(adapter)
        expires_at = now if adapter.renews else None

        def keep(db: sqlite3.Connection) -> Crm:
            crm = crms.put(db, adapter.kind, external_id, name, fields, expires_at, now)
            put_secret(db, self._vault, tenant_id, _secret_name(crm.id), secrets)
            return crm

        crm = self._files.tenant(tenant_id).write(keep)
        self._forget(tenant_id, crm.id)
        return crm

    def signed_in(self, adapter: CrmAdapter, now: datetime) -> CrmAdapter:
        """One that nobody gave a token has one then. DeliveryError."""
        if adapter.config.access_token or (renewal := adapter.renew(now)) is None:
            return adapter
        return self._with(adapter, renewal)

    def doubt(self, tenant_id: str, crm_id: int, now: datetime) -> bool:
        """Its token was refused before its time: the next use asks for another. False: there is none."""
        crm = self._files.tenant(tenant_id).read(lambda db: crms.get(db, crm_id))
        if not self._adapter(tenant_id, crm).renews:
            return False
        self._files.tenant(tenant_id).write(lambda db: crms.set_token(db, crm_id, crm.config, now))
        return True

    def disconnect(self, tenant_id: str, crm_id: int) -> None:
        """Its records stay as they are there."""

        def remove(db: sqlite3.Connection) -> None:
            crms.get(db, crm_id)
            crms.delete(db, crm_id)
            delete_secret(db, _secret_name(crm_id))

        self._files.tenant(tenant_id).write(remove)
        self._forget(tenant_id, crm_id)

    def fresh(self, tenant_id: str, crm_id: int, now: datetime) -> CrmAdapter:
        """With a token that has not ended. NotFound, WrongKey, DeliveryError."""
        place = (tenant_id, crm_id)
        with self._renewing[place]:
            crm = self._files.tenant(tenant_id).read(lambda db: crms.get(db, crm_id))
            adapter = self._adapter(tenant_id, crm)
            if crm.token_expires_at is None or crm.token_expires_at - now > _NEARLY:
                return adapter
            return self._renewed(tenant_id, crm, adapter, now)

    def gate(self, tenant_id: str, crm_id: int) -> Gate:
        return self._gates[tenant_id, crm_id]

    def _renewed(self, tenant_id: str, crm: Crm, adapter: CrmAdapter, now: datetime) -> CrmAdapter:
        """Kept before anybody uses it; what the CRM left empty stays as it was."""
        renewal = adapter.renew(now)
        if renewal is None:
            return adapter
        made = self._with(adapter, renewal)
        fields, secrets = _parted(made)

        def keep(db: sqlite3.Connection) -> None:
            put_secret(db, self._vault, tenant_id, _secret_name(crm.id), secrets)
            crms.set_token(db, crm.id, fields, renewal.expires_at)

        self._files.tenant(tenant_id).write(keep)
        with self._lock:
            self._opened[tenant_id, crm.id] = made
        return made

    def _with(self, adapter: CrmAdapter, renewal: Renewal) -> CrmAdapter:
        news = {name: value for name, value in renewal.values.items() if value}
        return self.draft(adapter.kind, {**msgspec.to_builtins(adapter.config), **news})

    def _adapter(self, tenant_id: str, crm: Crm) -> CrmAdapter:
        with self._lock:
            known = self._opened.get((tenant_id, crm.id))
        if known:
            return known
        secrets = self._files.tenant(tenant_id).read(
            lambda db: find_secret(db, self._vault, tenant_id, _secret_name(crm.id))
        )
        try:
            made = self.draft(crm.kind, crm.config | secrets)
        except InvalidInput:
            raise WrongKey(f"The credentials of {crm.name} are not complete; connect it again.") from None
        with self._lock:
            self._opened[tenant_id, crm.id] = made
        return made

    def _forget(self, tenant_id: str, crm_id: int) -> None:
        with self._lock:
            self._opened.pop((tenant_id, crm_id), None)
        self._gates.pop((tenant_id, crm_id), None)


def _parted(adapter: CrmAdapter) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of its Config that everybody may see, and those that are sealed."""
    fields = msgspec.to_builtins(adapter.config)
    return fields, {key: fields.pop(key) for key in secret_fields(adapter.Config)}


def _secret_name(crm_id: int) -> str:
    return f"crm/{crm_id}"
