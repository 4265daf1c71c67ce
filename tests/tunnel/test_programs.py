"""Programs that make a way: stand-ins that print what the real ones print; the real ones need an account."""

import asyncio
import stat
from pathlib import Path

import pytest

from socialai.domain.tunnel import Program, ProgramTunnel
from socialai.errors import TunnelError
from socialai.tunnel import programs

SAID: dict[Program, str] = {
    "cloudflared": "2026-11-01T10:00:00Z INF |  https://blue-shoe-12.trycloudflare.com  |",
    "ngrok": '{"addr":"http://localhost:1","lvl":"info","msg":"started tunnel","url":"https://ab12.ngrok.app"}',
    "tailscale": "https://shop.tail1234.ts.net/",
    "frp": "2026-11-01 10:00:00 [I] [client/control.go:172] [web] start proxy success",
}
URLS = {
    "cloudflared": "https://blue-shoe-12.trycloudflare.com",
    "ngrok": "https://ab12.ngrok.app",
    "tailscale": "https://shop.tail1234.ts.net",
    "frp": "https://hub.example.com",
}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Puts a program where programs are found: it keeps how it was called, says something, and goes on."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def put(name: Program, said: str, *, then: str = "exec sleep 60") -> Path:
        command = {"frp": "frpc"}.get(name, name)
        path = tmp_path / command
        path.write_text(f"#!/bin/sh\necho \"$@ $SOCIALAI_PORT\" > {path}.called\necho '{said}'\n{then}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return Path(f"{path}.called")

    return put


async def held(tunnel: ProgramTunnel) -> str:
    """The address it said, after which it is ended."""
    said = asyncio.get_running_loop().create_future()

    async def up(url: str) -> None:
        said.set_result(url)

    holding = asyncio.create_task(programs.hold(tunnel, 4711, up))
    await asyncio.wait({holding, said}, return_when=asyncio.FIRST_COMPLETED)
    holding.cancel()
    ended = await asyncio.gather(holding, return_exceptions=True)
    return said.result() if said.done() else str(ended[0])


@pytest.mark.parametrize("name", SAID)
def test_its_address_is_read_from_what_it_says(name: Program, install: object) -> None:
    called = install(name, SAID[name])  # type: ignore[operator]
    tunnel = ProgramTunnel(program=name, url=URLS[name] if name == "frp" else "", file="/etc/frpc.toml")
    assert asyncio.run(held(tunnel)) == URLS[name]
    assert "4711" in called.read_text()


def test_one_that_ends_says_why(install: object) -> None:
    install("ngrok", "ERR_NGROK_4018 authentication failed", then="exit 1")  # type: ignore[operator]
    assert "authentication failed" in asyncio.run(held(ProgramTunnel(program="ngrok")))


def test_one_that_is_not_installed_is_said(install: object) -> None:
    with pytest.raises(TunnelError, match="cloudflared is not installed"):
        asyncio.run(programs.hold(ProgramTunnel(program="cloudflared"), 1, lambda _: asyncio.sleep(0)))
