"""An SSH server, by SFTP: the host key pinned, the hub's own key."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TypeVar

import asyncssh

from socialai.domain.backup_plan import Sftp
from socialai.errors import StoreError

T = TypeVar("T")
_SECONDS = 15.0


def public_line(private: bytes) -> str:
    """What goes into authorized_keys on the server; with it this hub may see to files and no more."""
    key = asyncssh.import_private_key(private).export_public_key().decode().strip()
    return f'restrict,command="internal-sftp" {key}'


class SftpShelf:
    def __init__(self, place: Sftp, private: bytes) -> None:
        self._place = place
        self._private = private
        self._folder = PurePosixPath(place.path)

    def put(self, path: Path) -> None:
        async def run(sftp: asyncssh.SFTPClient) -> None:
            await sftp.makedirs(str(self._folder), exist_ok=True)
            target = str(self._folder / path.name)
            await sftp.put(str(path), f"{target}.partial")
            await sftp.posix_rename(f"{target}.partial", target)

        self._run(run)

    def names(self) -> Sequence[str]:
        async def run(sftp: asyncssh.SFTPClient) -> list[str]:
            if not await sftp.isdir(str(self._folder)):
                return []
            names = await sftp.listdir(str(self._folder))
            return sorted(str(name) for name in names if not str(name).startswith("."))

        return self._run(run)

    def fetch(self, name: str, target: Path) -> None:
        self._run(lambda sftp: sftp.get(str(self._folder / name), str(target)))

    def remove(self, name: str) -> None:
        async def run(sftp: asyncssh.SFTPClient) -> None:
            with suppress(asyncssh.SFTPNoSuchFile):
                await sftp.remove(str(self._folder / name))

        self._run(run)

    def _run(self, work: Callable[[asyncssh.SFTPClient], Awaitable[T]]) -> T:
        try:
            return asyncio.run(self._connected(work))
        except asyncssh.HostKeyNotVerifiable:
            raise StoreError(
                f"{self._place.host} shows another host key than the one that was pinned. If you changed it "
                "yourself, save the place again; if not, somebody may be between you and it."
            ) from None
        except (OSError, asyncssh.Error) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise StoreError(f"{self._place.words} cannot be used: {reason.rstrip('.')}.") from None

    async def _connected(self, work: Callable[[asyncssh.SFTPClient], Awaitable[T]]) -> T:
        place = self._place
        async with (
            asyncssh.connect(
                place.host,
                place.port,
                username=place.user,
                client_keys=[asyncssh.import_private_key(self._private)],
                known_hosts=([asyncssh.import_public_key(place.host_key)], [], []),
                agent_path=None,
                config=None,
                connect_timeout=_SECONDS,
                login_timeout=_SECONDS,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            return await work(sftp)
