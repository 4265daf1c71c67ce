"""A real OpenSSH server on loopback, of this test alone: its keys, its settings, no account of its own."""

import getpass
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import asyncssh
import pytest

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/bin")

_SETTINGS = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
Subsystem sftp internal-sftp
StrictModes no
UsePAM no
PasswordAuthentication no
AllowTcpForwarding {forwarding}
LogLevel ERROR
"""


class Sshd:
    """Starts, stops and starts again on the same port, with the same host key or another."""

    def __init__(self, folder: Path, authorized: str, *, forwarding: bool = True) -> None:
        if SSHD is None:
            pytest.skip("There is no sshd here. Install it to test this: apt-get install openssh-server")
        Path("/run/sshd").mkdir(exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.user = getpass.getuser()
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "authorized_keys").write_text(f"{authorized}\n")
        settings = _SETTINGS.format(port=self.port, folder=folder, forwarding="yes" if forwarding else "no")
        (folder / "sshd_config").write_text(settings)
        self.new_host_key()

    def new_host_key(self) -> str:
        key = asyncssh.generate_private_key("ssh-ed25519")
        path = self.folder / "host_key"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(key.export_private_key())
        self.host_key = key.export_public_key().decode().strip()
        return self.host_key

    def start(self) -> None:
        assert SSHD
        config = self.folder / "sshd_config"
        self._process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], start_new_session=True)
        until(lambda: answers(self.port))

    def kill(self) -> None:
        """With every connection it has: as a machine that loses its power."""
        if self._process:
            for child in _children(self._process.pid):
                subprocess.run(["kill", "-9", str(child)], check=False)
            self._process.kill()
            self._process.wait()
            self._process = None


def _children(pid: int) -> list[int]:
    try:
        direct = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [each for child in map(int, direct) for each in (*_children(child), child)]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: object, seconds: float = 10.0) -> None:
    """Another process cannot notify us, so it is asked again and again."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        pause.wait(0.02)
