from collections.abc import Iterator
from pathlib import Path

import pytest

from socialai.domain.backup_plan import Bucket, Sftp
from socialai.places.base import Shelf
from socialai.places.bucket import BucketShelf
from socialai.places.folder import FolderShelf
from socialai.places.sftp import SftpShelf, public_line
from socialai.tunnel import ssh
from tests.places import s3
from tests.tunnel.sshd import Sshd


@pytest.fixture
def storage() -> Iterator[s3.Storage]:
    with s3.Storage() as storage:
        yield storage


@pytest.fixture
def bucket(storage: s3.Storage) -> Bucket:
    return Bucket(
        endpoint=storage.url, bucket=s3.BUCKET, access_key=s3.ACCESS, region=s3.REGION, prefix="hub"
    )


@pytest.fixture(scope="session")
def key() -> bytes:
    return ssh.make_key()


@pytest.fixture
def sshd(tmp_path: Path, key: bytes) -> Iterator[Sshd]:
    server = Sshd(tmp_path, public_line(key))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def server(sshd: Sshd, tmp_path: Path) -> Sftp:
    return Sftp(
        host="127.0.0.1",
        user=sshd.user,
        host_key=sshd.host_key,
        port=sshd.port,
        path=str(tmp_path / "a" / "b"),
    )


@pytest.fixture(params=["folder", "sftp", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """Every place a backup can be put to."""
    if request.param == "folder":
        (tmp_path / "usb").mkdir()
        return FolderShelf(tmp_path / "usb")
    if request.param == "sftp":
        return SftpShelf(request.getfixturevalue("server"), request.getfixturevalue("key"))
    return BucketShelf(request.getfixturevalue("bucket"), s3.SECRET)
