"""The databases of one data directory: app.db and one file per tenant, a bounded number of them open."""

import threading
from collections import OrderedDict
from pathlib import Path

from socialai.errors import NotFound
from socialai.metrics import Metrics
from socialai.store.db import Database
from socialai.store.migrate import migrate
from socialai.store.tenants import check_id


class Files:
    """`app` and `tenant(id)`. A tenant's file is migrated when it is first asked for."""

    def __init__(self, data_dir: Path, metrics: Metrics, limit: int) -> None:
        self._tenants_dir = data_dir / "tenants"
        self._gauge = metrics.db_connections
        self._limit = limit
        self._lock = threading.Lock()
        self._tenants: OrderedDict[str, Database] = OrderedDict()
        migrate(data_dir / "app.db", "app")
        self.app = Database(data_dir / "app.db", self._gauge.labels("app"))

    def path(self, tenant_id: str) -> Path:
        return self._tenants_dir / check_id(tenant_id) / "tenant.db"

    def create(self, tenant_id: str) -> Database:
        path = self.path(tenant_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        migrate(path, "tenant")
        return self.tenant(tenant_id)

    def tenant(self, tenant_id: str) -> Database:
        """The tenant's database, or NotFound."""
        with self._lock:
            database = self._tenants.get(tenant_id) or self._find(tenant_id)
            self._tenants[tenant_id] = database
            self._tenants.move_to_end(tenant_id)
            self._rest_oldest()
            return database

    def forget(self, tenant_id: str) -> None:
        """Close the file, so that it can be replaced or removed."""
        with self._lock:
            database = self._tenants.pop(tenant_id, None)
        if database:
            database.rest()

    def close(self) -> None:
        for database in [*self._tenants.values(), self.app]:
            database.rest()

    def _find(self, tenant_id: str) -> Database:
        path = self.path(tenant_id)
        if not path.exists():
            raise NotFound(f"There is no tenant '{tenant_id}' here.")
        migrate(path, "tenant")
        return Database(path, self._gauge.labels("tenant"))

    def _rest_oldest(self) -> None:
        opened = [database for database in self._tenants.values() if database.is_open]
        for database in opened[: max(0, len(opened) - self._limit)]:
            database.rest()
