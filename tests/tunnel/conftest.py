"""A hub that is served, a server of the owner's, and programs that make a way."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from socialai import app as hub
from socialai.context import App
from socialai.domain.tunnel import SshTunnel
from socialai.sandbox.meta.graph import Sandbox
from socialai.settings import Settings
from socialai.tunnel import ssh
from tests.browser.conftest import furnish, running
from tests.tunnel.sshd import Sshd, free_port


@pytest.fixture
def app(tmp_path: Path) -> App:
    return hub.build(Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def served(app: App) -> Iterator[App]:
    """acme's hub, with a port for what comes through the tunnel."""
    with Sandbox() as sandbox:
        furnish(app, sandbox)
        with running(app) as url:
            assert httpx.get(f"{url}/health").is_success
            yield app


@pytest.fixture
def sshd(app: App, tmp_path: Path) -> Iterator[Sshd]:
    server = Sshd(tmp_path, ssh.public_line(app.channels.outside.key()))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def tunnel(sshd: Sshd) -> Callable[..., SshTunnel]:
    def choice(**other: object) -> SshTunnel:
        remote = free_port()
        fields: dict[str, object] = {
            "host": "127.0.0.1",
            "port": sshd.port,
            "user": sshd.user,
            "host_key": sshd.host_key,
            "remote_port": remote,
            "url": f"http://127.0.0.1:{remote}",
        }
        return SshTunnel(**(fields | other))  # type: ignore[arg-type]

    return choice
