"""Backups that the hub makes by itself: the plan, its secrets, and the shelf they are put on."""

import sqlite3
from pathlib import Path

from socialai.domain.backup_plan import BackupPlan, Bucket, Folder, Place, Sftp
from socialai.places.base import Shelf
from socialai.places.folder import FolderShelf
from socialai.settings import Settings
from socialai.store import hub_settings
from socialai.store.db import Database
from socialai.store.vault import Vault

_PLAN, _PASSPHRASE, _BUCKET_KEY = "backup", "backup passphrase", "backup bucket"
_SSH_KEY = "backup key"


class Copies:
    def __init__(self, app: Database, vault: Vault, settings: Settings) -> None:
        self._app = app
        self._vault = vault
        self._settings = settings

    def plan(self) -> BackupPlan:
        return self._app.read(lambda db: hub_settings.find(db, _PLAN, BackupPlan)) or BackupPlan()

    def set_plan(self, plan: BackupPlan) -> None:
        self._app.write(lambda db: hub_settings.put(db, _PLAN, plan))

    def passphrase(self) -> str:
        """'' where backups are not sealed."""
        return self._secret(_PASSPHRASE)

    def set_passphrase(self, passphrase: str) -> None:
        self._put(_PASSPHRASE, passphrase)

    def set_bucket_key(self, secret_key: str) -> None:
        self._put(_BUCKET_KEY, secret_key)

    @property
    def has_bucket_key(self) -> bool:
        return bool(self._secret(_BUCKET_KEY))

    def key(self) -> bytes:
        """The private key for SSH, of backups alone; made when it is first asked for."""
        from socialai.tunnel import ssh  # its library is loaded only where it is needed

        made = ssh.make_key()

        def find_or_keep(db: sqlite3.Connection) -> bytes:
            known = hub_settings.find_secret(db, self._vault, _SSH_KEY)
            if known is None:
                hub_settings.put_secret(db, self._vault, _SSH_KEY, made)
            return known or made

        return self._app.write(find_or_keep)

    @property
    def folder(self) -> Path:
        """Where they are made, and stay when the plan has no other place."""
        return self._settings.backups_dir

    def shelf(self, place: Place, bucket_key: str | None = None) -> Shelf:
        """Its library is loaded only when it is chosen. `bucket_key`: one that is not kept yet."""
        match place:
            case Folder(path):
                return FolderShelf(Path(path) if path else self.folder)
            case Sftp():
                from socialai.places.sftp import SftpShelf

                return SftpShelf(place, self.key())
            case Bucket():
                from socialai.places.bucket import BucketShelf

                return BucketShelf(place, bucket_key or self._secret(_BUCKET_KEY))

    def _secret(self, name: str) -> str:
        sealed = self._app.read(lambda db: hub_settings.find_secret(db, self._vault, name))
        return (sealed or b"").decode()

    def _put(self, name: str, text: str) -> None:
        self._app.write(lambda db: hub_settings.put_secret(db, self._vault, name, text.encode()))
