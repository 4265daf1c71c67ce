"""How this hub is reached from outside: its address, and the tunnel that makes the way, if there is one."""

import hmac
import socket
import sqlite3
from collections.abc import Callable

from msgspec import Struct

from socialai.domain.clock import Clock
from socialai.domain.tunnel import NoTunnel, SshTunnel, TunnelChoice
from socialai.store import hub_settings
from socialai.store.db import Database
from socialai.store.vault import Vault
from socialai.tunnel.keeper import Keeper, TunnelState

_OPEN_PATHS = ("/webhooks/", "/reach/", "/auth/social/", "/widget/")
"""What a tunnel without the pages lets in: deliveries, the probe, a platform's answer, the chat of a site."""


class _Kept(Struct, frozen=True):
    choice: TunnelChoice


class _Address(Struct, frozen=True):
    url: str


def chosen_tunnel(db: sqlite3.Connection) -> TunnelChoice:
    kept = hub_settings.find(db, "tunnel", _Kept)
    return kept.choice if kept else NoTunnel()


class Outside:
    """`listen`, then `start`; who only asks for the address needs neither."""

    def __init__(self, app: Database, vault: Vault, public_url: str, clock: Clock) -> None:
        self._app = app
        self._vault = vault
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        self._keeper: Keeper | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """As platforms reach this hub; '' when they cannot."""
        choice = self.choice()
        if isinstance(choice, NoTunnel):
            return self._public_url
        if isinstance(choice, SshTunnel):
            return choice.url
        known = self._app.read(lambda db: hub_settings.find(db, "address", _Address))
        return choice.url or (known.url if known else self._public_url)

    @property
    def state(self) -> TunnelState | None:
        """None where no tunnel is kept by this process."""
        has_one = self._keeper and not isinstance(self._keeper.choice, NoTunnel)
        return self._keeper.state if self._keeper and has_one else None

    @property
    def is_cut_off(self) -> bool:
        """A tunnel should be there and is not, or leads elsewhere: no webhook arrives now."""
        state = self.state
        return state is not None and (bool(state.error) or state.reached is False)

    def choice(self) -> TunnelChoice:
        return self._app.read(chosen_tunnel)

    def choose(self, choice: TunnelChoice) -> None:
        """A running hub takes it at once, or within a minute if another process chose."""
        self._app.write(lambda db: hub_settings.put(db, "tunnel", _Kept(choice)))
        self.refresh()

    def refresh(self) -> None:
        if self._keeper:
            self._keeper.apply(self.choice())

    def key(self) -> bytes:
        """The private key for SSH; made when it is first asked for."""
        from socialai.tunnel import ssh  # its library is loaded only where there is a tunnel

        made = ssh.make_key()

        def find_or_keep(db: sqlite3.Connection) -> bytes:
            known = hub_settings.find_secret(db, self._vault, "tunnel key")
            if known is None:
                hub_settings.put_secret(db, self._vault, "tunnel key", made)
            return known or made

        return self._app.write(find_or_keep)

    def proof(self, question: str) -> str:
        """What only this hub can answer."""
        return hmac.digest(self._vault.derive("reach"), question.encode(), "sha256").hex()

    def admits(self, path: str) -> bool:
        """Whether what came through the tunnel may ask for it."""
        return path.startswith(_OPEN_PATHS) or (self._keeper is not None and self._keeper.shows_pages)

    def listen(self) -> socket.socket:
        """Where the tunnel ends: a port of its own, so that what comes through it is known."""
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.bind(("127.0.0.1", 0))
        self.port = bound.getsockname()[1]
        return bound

    def start(self, on_url: Callable[[str], None]) -> None:
        """Nothing without `listen`."""

        def learn(url: str) -> None:
            self._app.write(lambda db: hub_settings.put(db, "address", _Address(url)))
            on_url(url)

        if self.port:
            self._keeper = Keeper(self.port, self.key, self.proof, self._clock, learn)
            self._keeper.start(self.choice())

    def stop(self) -> None:
        if self._keeper:
            self._keeper.stop()
            self._keeper = None
