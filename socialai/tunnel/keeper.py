"""Keeps the chosen tunnel up: in a thread of its own, again and again, and looks at the hub from outside."""

import asyncio
import secrets
import threading
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import httpx
from msgspec import Struct

from socialai import log
from socialai.domain.clock import Clock
from socialai.domain.tunnel import NoTunnel, ProgramTunnel, SshTunnel, TunnelChoice
from socialai.errors import TunnelError
from socialai.tunnel import programs

_WAITS = (0.5, 1.0, 2.0, 4.0)
"""Between tries; a server that comes back is found within the last of them."""

_PROBE_SECONDS = 30.0
_PROBE_PATIENCE = 10.0

Proof = Callable[[str], str]


class TunnelState(Struct, frozen=True):
    """`up`: the way is made; `reached`: what was asked from outside came in, None while nobody asked yet."""

    up: bool = False
    url: str = ""
    error: str = ""
    since: datetime | None = None
    reached: bool | None = None


class Keeper:
    """`apply` a choice at any time. `on_url` hears of every address that platforms must know from now on."""

    def __init__(
        self,
        port: int,
        key: Callable[[], bytes],
        proof: Proof,
        clock: Clock,
        on_url: Callable[[str], None],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.port = port
        self.state = TunnelState()
        self.choice: TunnelChoice = NoTunnel()
        self._key = key
        self._proof = proof
        self._clock = clock
        self._on_url = on_url
        self._transport = transport
        self._loop = asyncio.new_event_loop()
        self._work: asyncio.Task[None] | None = None
        self._told = ""
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tunnel", daemon=True)

    @property
    def shows_pages(self) -> bool:
        return not isinstance(self.choice, NoTunnel) and self.choice.pages

    def start(self, choice: TunnelChoice) -> None:
        self._thread.start()
        self.apply(choice)

    def apply(self, choice: TunnelChoice) -> None:
        """Nothing happens when it is the one that holds already."""
        if choice != self.choice:
            self._ask(self._change(choice))

    def stop(self) -> None:
        self._ask(self._change(NoTunnel()))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def wait_for(self, condition: Callable[[TunnelState], bool], seconds: float) -> bool:
        """Whether the state came to be so in time."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self.state), seconds)

    def _ask(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _change(self, choice: TunnelChoice) -> None:
        if self._work:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        self.choice, self._work = choice, None
        self._say(TunnelState())
        if not isinstance(choice, NoTunnel):
            self._work = asyncio.create_task(self._keep(choice))

    async def _keep(self, choice: SshTunnel | ProgramTunnel) -> None:
        tries = 0
        while True:
            try:
                await self._hold(choice)
                error = "The connection ended."
            except TunnelError as failed:
                error = str(failed)
            tries = 0 if self.state.up else tries + 1
            self._say(TunnelState(url=self.state.url, error=error, since=self._clock()))
            log.get().warning("tunnel is down", reason=error)
            await asyncio.sleep(_WAITS[min(tries, len(_WAITS) - 1)])

    async def _hold(self, choice: SshTunnel | ProgramTunnel) -> None:
        beside: list[asyncio.Task[None]] = []

        async def up(url: str) -> None:
            self._say(TunnelState(up=True, url=url, since=self._clock()))
            log.get().info("tunnel is up", url=url)
            beside.append(asyncio.create_task(self._probe(url)))
            beside.append(asyncio.create_task(asyncio.to_thread(self._tell, url)))

        try:
            if isinstance(choice, SshTunnel):
                from socialai.tunnel import ssh  # its library is loaded only where there is such a tunnel

                await ssh.hold(choice, self._key(), self.port, lambda: up(choice.url))
            else:
                await programs.hold(choice, self.port, up)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    def _tell(self, url: str) -> None:
        if url != self._told:
            self._told = url
            self._on_url(url)

    async def _probe(self, url: str) -> None:
        """From outside in, with a question that only this hub can answer."""
        async with httpx.AsyncClient(transport=self._transport, timeout=_PROBE_PATIENCE) as http:
            while True:
                self._say(_with(self.state, reached=await self._is_reached(http, url)))
                await asyncio.sleep(_PROBE_SECONDS)

    async def _is_reached(self, http: httpx.AsyncClient, url: str) -> bool:
        question = secrets.token_hex(8)
        try:
            answer = await http.get(f"{url}/reach/{question}")
        except httpx.HTTPError:
            return False
        return answer.text == self._proof(question)

    def _say(self, state: TunnelState) -> None:
        with self._changed:
            self.state = state
            self._changed.notify_all()


def _with(state: TunnelState, *, reached: bool) -> TunnelState:
    return TunnelState(state.up, state.url, state.error, state.since, reached)
