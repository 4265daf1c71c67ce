"""A remote forward over SSH to a server of the owner's."""

from collections.abc import Awaitable, Callable

import asyncssh

from socialai.domain.tunnel import SshTunnel
from socialai.errors import TunnelError

_SECONDS = 8.0
_ALIVE_SECONDS = 3.0
"""How often the server is asked whether it is there; after two silences the connection counts as lost."""


def make_key() -> bytes:
    """A private key for this hub alone, as OpenSSH keeps it."""
    return asyncssh.generate_private_key("ssh-ed25519", comment="socialai-hub").export_private_key()


def public_line(private: bytes) -> str:
    """What goes into authorized_keys on the server; with it this hub may forward one port and no more."""
    key = asyncssh.import_private_key(private).export_public_key().decode().strip()
    return f'restrict,port-forwarding,command="/bin/false" {key}'


async def host_key(host: str, port: int) -> str:
    """The key that the server shows now, for a person to compare; TunnelError when it cannot be asked."""
    try:
        key = await asyncssh.get_server_host_key(host, port)
    except (OSError, asyncssh.Error) as error:
        raise TunnelError(f"{host}:{port} cannot be reached: {_words(error)}.") from None
    if key is None:
        raise TunnelError(f"{host}:{port} shows no host key.")
    return key.export_public_key().decode().strip()


def fingerprint(key: str) -> str:
    """As ssh-keygen -l prints it."""
    return asyncssh.import_public_key(key).get_fingerprint()


async def hold(
    tunnel: SshTunnel, private: bytes, local_port: int, is_up: Callable[[], Awaitable[None]]
) -> None:
    """Returns when the connection ends, or TunnelError. `is_up` once the server forwards."""
    try:
        async with asyncssh.connect(
            tunnel.host,
            tunnel.port,
            username=tunnel.user,
            client_keys=[asyncssh.import_private_key(private)],
            known_hosts=([asyncssh.import_public_key(tunnel.host_key)], [], []),
            agent_path=None,
            config=None,
            keepalive_interval=_ALIVE_SECONDS,
            keepalive_count_max=2,
            connect_timeout=_SECONDS,
            login_timeout=_SECONDS,
        ) as connection:
            await connection.forward_remote_port(tunnel.listen, tunnel.remote_port, "127.0.0.1", local_port)
            await is_up()
            await connection.wait_closed()
    except asyncssh.HostKeyNotVerifiable:
        raise TunnelError(
            f"{tunnel.host} shows another host key than the one that was pinned. If you changed it "
            "yourself, give the tunnel again to pin the new one. If not, somebody may be between you and it."
        ) from None
    except asyncssh.PermissionDenied:
        raise TunnelError(
            f"{tunnel.host} does not let {tunnel.user} in with this hub's key. Put the line that "
            "`socialai tunnel key` prints into ~/.ssh/authorized_keys there."
        ) from None
    except asyncssh.ChannelListenError:
        raise TunnelError(
            f"{tunnel.host} does not forward its port {tunnel.remote_port}: another program has it, or "
            "AllowTcpForwarding is off in its sshd_config."
        ) from None
    except (OSError, asyncssh.Error) as error:
        raise TunnelError(f"{tunnel.host}:{tunnel.port} cannot be reached: {_words(error)}.") from None


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
