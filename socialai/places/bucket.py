"""S3 and what speaks like it, by MinIO's client."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException

from socialai.domain.backup_plan import Bucket
from socialai.errors import StoreError

_SECONDS = 30.0
_PART = 16 * 1024 * 1024


class BucketShelf:
    def __init__(self, place: Bucket, secret_key: str) -> None:
        parts = urlsplit(place.endpoint if "//" in place.endpoint else f"https://{place.endpoint}")
        self._place = place
        self._prefix = f"{place.prefix.strip('/')}/" if place.prefix.strip("/") else ""
        self._client = Minio(
            parts.netloc,
            access_key=place.access_key,
            secret_key=secret_key,
            secure=parts.scheme != "http",
            region=place.region or None,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=_SECONDS, read=_SECONDS), retries=urllib3.Retry(2)
            ),
        )

    def put(self, path: Path) -> None:
        with self._plainly():
            self._client.fput_object(self._place.bucket, self._prefix + path.name, str(path), part_size=_PART)

    def names(self) -> Sequence[str]:
        with self._plainly():
            found = self._client.list_objects(self._place.bucket, prefix=self._prefix)
            return sorted((each.object_name or "").removeprefix(self._prefix) for each in found)

    def fetch(self, name: str, target: Path) -> None:
        with self._plainly():
            self._client.fget_object(self._place.bucket, self._prefix + name, str(target))

    def remove(self, name: str) -> None:
        with self._plainly():
            self._client.remove_object(self._place.bucket, self._prefix + name)

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except (MinioException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            said = getattr(error, "message", None) or getattr(error, "code", None) or type(error).__name__
            raise StoreError(f"{self._place.words} cannot be used: {said}.") from None
