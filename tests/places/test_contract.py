"""What every place must do, and what each says when it cannot."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from socialai.domain.backup_plan import Bucket, Sftp
from socialai.errors import StoreError
from socialai.places.base import Shelf
from socialai.places.bucket import BucketShelf
from socialai.places.folder import FolderShelf
from socialai.places.sftp import SftpShelf
from tests.places import s3
from tests.tunnel.sshd import Sshd


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    path = tmp_path / "socialai-all-20261201T080000Z.zip"
    path.write_bytes(b"all of it " * 1000)
    return path


def test_what_is_put_there_is_listed_comes_back_and_can_be_removed(
    shelf: Shelf, backup: Path, tmp_path: Path
) -> None:
    assert shelf.names() == []
    shelf.put(backup)
    shelf.put(backup)
    assert shelf.names() == [backup.name]
    shelf.fetch(backup.name, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == backup.read_bytes()
    shelf.remove(backup.name)
    shelf.remove(backup.name)
    assert shelf.names() == []
    with pytest.raises(StoreError):
        shelf.fetch(backup.name, tmp_path / "again")


def test_a_large_file_goes_into_a_bucket_in_parts(
    bucket: Bucket, storage: s3.Storage, tmp_path: Path
) -> None:
    large = tmp_path / "large.zip"
    large.write_bytes(bytes(range(256)) * 4096 * 17)
    shelf = BucketShelf(bucket, s3.SECRET)
    shelf.put(large)
    assert storage.objects == {"hub/large.zip": large.read_bytes()}
    shelf.fetch("large.zip", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == large.read_bytes()


@pytest.mark.parametrize(
    ("change", "secret", "said"),
    [
        ({}, "another secret", "SignatureDoesNotMatch"),
        ({"access_key": "AKIANOBODY"}, s3.SECRET, "InvalidAccessKeyId"),
        ({"bucket": "elsewhere"}, s3.SECRET, "NoSuchBucket"),
        ({"endpoint": "http://127.0.0.1:9"}, s3.SECRET, "cannot be used"),
        ({"bucket": "No Bucket!"}, s3.SECRET, "cannot be used"),
    ],
)
def test_a_bucket_that_refuses_says_why(
    bucket: Bucket, backup: Path, change: dict[str, str], secret: str, said: str
) -> None:
    with pytest.raises(StoreError, match=said) as raised:
        BucketShelf(replace(bucket, **change), secret).put(backup)
    assert secret not in str(raised.value)


def test_a_server_with_another_host_key_is_not_spoken_to(
    server: Sftp, sshd: Sshd, key: bytes, backup: Path
) -> None:
    sshd.kill()
    sshd.new_host_key()
    sshd.start()
    with pytest.raises(StoreError, match="another host key"):
        SftpShelf(server, key).put(backup)
    sshd.kill()
    with pytest.raises(StoreError, match="cannot be used"):
        SftpShelf(server, key).put(backup)


def test_a_disk_that_is_not_there_is_not_made_on_another(tmp_path: Path, backup: Path) -> None:
    with pytest.raises(StoreError, match="Is the disk there"):
        FolderShelf(tmp_path / "usb").put(backup)
    assert not (tmp_path / "usb").exists()
