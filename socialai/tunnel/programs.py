"""Programs that make a way from outside: found, started, their address read from what they print."""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

from socialai.domain.tunnel import Program, ProgramTunnel
from socialai.errors import TunnelError

_COMMANDS: dict[Program, tuple[str, ...]] = {
    "cloudflared": ("cloudflared", "tunnel", "--no-autoupdate", "--url", "http://127.0.0.1:{port}"),
    "ngrok": ("ngrok", "http", "{port}", "--log", "stdout", "--log-format", "json"),
    "tailscale": ("tailscale", "funnel", "{port}"),
    "frp": ("frpc", "-c", "{file}"),
}
_URLS: dict[Program, re.Pattern[str]] = {
    "cloudflared": re.compile(r"https://[a-z0-9-]+\.trycloudflare\.com"),
    "ngrok": re.compile(r'"url":"(https://[^"]+)"'),
    "tailscale": re.compile(r"https://[\w.-]+\.ts\.net"),
    "frp": re.compile(r"start proxy success"),
}
_START_SECONDS = 30.0
_LAST_WORDS = 300


def installed() -> list[Program]:
    return [name for name, command in _COMMANDS.items() if shutil.which(command[0])]


async def hold(tunnel: ProgramTunnel, local_port: int, is_up: Callable[[str], Awaitable[None]]) -> None:
    """Run it until it ends, or TunnelError. `is_up` gets the address once it is known."""
    process = await _start(tunnel, local_port)
    try:
        url = await asyncio.wait_for(_read_url(process, tunnel), _START_SECONDS)
        await is_up(tunnel.url or url)
        await _drain(process)
    except TimeoutError:
        raise TunnelError(f"{tunnel.program} said no address within {_START_SECONDS:.0f} seconds.") from None
    finally:
        await _end(process)


async def _start(tunnel: ProgramTunnel, local_port: int) -> Process:
    command = [part.format(port=local_port, file=tunnel.file) for part in _COMMANDS[tunnel.program]]
    if shutil.which(command[0]) is None:
        raise TunnelError(f"{command[0]} is not installed on this machine. Install it, or take another way.")
    environ = {**os.environ, "SOCIALAI_PORT": str(local_port)}
    return await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, env=environ
    )


async def _read_url(process: Process, tunnel: ProgramTunnel) -> str:
    assert process.stdout
    said = ""
    while line := await process.stdout.readline():
        said = (said + line.decode("utf-8", "replace"))[-_LAST_WORDS:]
        if found := _URLS[tunnel.program].search(line.decode("utf-8", "replace")):
            return found[found.re.groups]
    raise TunnelError(f"{tunnel.program} ended: {' '.join(said.split()) or 'it said nothing'}")


async def _drain(process: Process) -> None:
    """What it goes on to say is read, or it would stop at a full pipe."""
    assert process.stdout
    while await process.stdout.readline():
        pass


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 3)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
