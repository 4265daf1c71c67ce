"""The remote forward, with Debian's own OpenSSH server on loopback."""

import time
from collections.abc import Callable

import httpx
import pytest

from socialai.context import App
from socialai.domain.tunnel import NoTunnel, SshTunnel
from socialai.tunnel.keeper import Keeper, TunnelState
from tests.tunnel.sshd import Sshd

SECONDS = 15.0
BACK_SECONDS = 10.0
"""In which deliveries flow again once the server is back."""

Choose = Callable[..., SshTunnel]


def keeper(app: App) -> Keeper:
    found = app.channels.outside._keeper
    assert found
    return found


def is_up(state: TunnelState) -> bool:
    return state.up


def handshake(tunnel: SshTunnel) -> httpx.Response:
    """What Facebook asks first, from outside."""
    query = {"hub.mode": "subscribe", "hub.verify_token": "a-word", "hub.challenge": "7"}
    return httpx.get(f"{tunnel.url}/webhooks/facebook/acme", params=query, timeout=5)


def test_platforms_reach_the_hub_through_it_and_nobody_sees_the_pages(served: App, tunnel: Choose) -> None:
    chosen = tunnel()
    served.channels.outside.choose(chosen)
    assert keeper(served).wait_for(is_up, SECONDS)
    assert handshake(chosen).text == "7"
    assert keeper(served).wait_for(lambda state: state.reached is True, SECONDS)
    for path in ("/login", "/inbox", "/metrics", "/health", "/static/app.css", "/api/v1/me", "/"):
        assert httpx.get(f"{chosen.url}{path}").status_code == 404, path
    assert served.channels.outside.url == chosen.url


def test_the_pages_are_seen_where_the_owner_wants_that(served: App, tunnel: Choose) -> None:
    chosen = tunnel(pages=True)
    served.channels.outside.choose(chosen)
    assert keeper(served).wait_for(is_up, SECONDS)
    assert "Sign in" in httpx.get(f"{chosen.url}/login").text


def test_deliveries_flow_again_within_seconds_of_the_servers_return(
    served: App, sshd: Sshd, tunnel: Choose
) -> None:
    chosen = tunnel()
    served.channels.outside.choose(chosen)
    assert keeper(served).wait_for(is_up, SECONDS)
    sshd.kill()
    assert keeper(served).wait_for(lambda state: not state.up and "reached" in state.error, SECONDS)
    with pytest.raises(httpx.HTTPError):
        handshake(chosen)
    sshd.start()
    began = time.monotonic()
    assert keeper(served).wait_for(is_up, BACK_SECONDS)
    assert handshake(chosen).text == "7"
    assert time.monotonic() - began < BACK_SECONDS


def test_a_server_with_another_host_key_is_not_spoken_to(served: App, sshd: Sshd, tunnel: Choose) -> None:
    chosen = tunnel()
    sshd.kill()
    sshd.new_host_key()
    sshd.start()
    served.channels.outside.choose(chosen)
    assert keeper(served).wait_for(lambda state: "another host key" in state.error, SECONDS)
    assert not keeper(served).state.up


def test_a_server_that_does_not_know_the_key_says_what_to_do(served: App, sshd: Sshd, tunnel: Choose) -> None:
    (sshd.folder / "authorized_keys").write_text("")
    served.channels.outside.choose(tunnel())
    assert keeper(served).wait_for(lambda state: "authorized_keys" in state.error, SECONDS)


def test_a_tunnel_that_is_taken_back_ends(served: App, tunnel: Choose) -> None:
    chosen = tunnel()
    served.channels.outside.choose(chosen)
    assert keeper(served).wait_for(is_up, SECONDS)
    served.channels.outside.choose(NoTunnel())
    assert served.channels.outside.state is None
    with pytest.raises(httpx.HTTPError):
        handshake(chosen)
