"""How platforms reach a hub that stands behind somebody's router."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from socialai.errors import InvalidInput

Program = Literal["cloudflared", "ngrok", "tailscale", "frp"]

Port = Annotated[int, Meta(ge=1, le=65535)]
_USER_AT_HOST = re.compile(r"(?P<user>[\w.-]{1,64})@(?P<host>[\w.:-]{1,253})")


class NoTunnel(Struct, frozen=True, tag="none", tag_field="kind"):
    pass


class SshTunnel(Struct, frozen=True, tag="ssh", tag_field="kind", kw_only=True):
    """A remote forward to any OpenSSH server: what reaches `listen`:`remote_port` there comes here.

    `host_key` is pinned: a server with another one is not spoken to. `url` is how the world names that port.
    """

    host: str
    user: str
    host_key: str
    url: str
    port: Port = 22
    listen: str = "127.0.0.1"
    remote_port: Port = 8700
    pages: bool = False


class ProgramTunnel(Struct, frozen=True, tag="program", tag_field="kind", kw_only=True):
    """A program of this machine that makes the way; `url` where it does not say it. `file`: its settings."""

    program: Program
    url: str = ""
    file: str = ""
    pages: bool = False


TunnelChoice = NoTunnel | SshTunnel | ProgramTunnel


def split_user(text: str) -> tuple[str, str]:
    """'hub@example.com' → user and host."""
    found = _USER_AT_HOST.fullmatch(text.strip())
    if found is None:
        raise InvalidInput("Say who signs in where, for example hub@server.example.com.")
    return found["user"], found["host"]


def check_url(url: str) -> str:
    """Platforms deliver to https:// alone."""
    url = url.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path or parts.query:
        raise InvalidInput("Give the address as the world sees it, for example https://hub.example.com")
    return url
