"""Which addresses a prompt may be sent to: https, or a machine the owner named by its private address."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from socialai.errors import InvalidInput


def checked_url(url: str) -> str:
    """Without a slash at the end. InvalidInput says what is wrong."""
    try:
        parts = urlsplit(url.strip())
        host, _, _ = parts.hostname, parts.port, httpx.URL(url.strip())
    except (ValueError, httpx.InvalidURL):
        raise InvalidInput(f"'{url}' is no address.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidInput("The endpoint's address starts with https:// (or http:// on this machine).")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidInput("The endpoint's address has no user, password, ? or # in it.")
    if parts.scheme == "http" and not _is_near(host):
        raise InvalidInput(
            f"What customers wrote would go to {host} unencrypted. Use https://, or a private address "
            "such as http://127.0.0.1:11434/v1 or http://192.168.1.20:8080/v1."
        )
    return url.strip().rstrip("/")


def host_of(url: str) -> str:
    return urlsplit(url).netloc


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or (address.is_private and not address.is_unspecified)
