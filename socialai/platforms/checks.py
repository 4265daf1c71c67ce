"""What the fields of a Config and of an app must be like, whatever the platform."""

import ipaddress
import re
from collections.abc import Mapping

from httpx import URL, InvalidURL

from socialai.errors import InvalidInput

_SECRET = re.compile(r"[!-~]{1,4096}")


def check(good: object, message: str) -> None:
    if not good:
        raise InvalidInput(message)


def check_secrets(secrets: Mapping[str, str]) -> None:
    """A token with odd characters is not let into a header: the error that raises would quote it."""
    for name, value in secrets.items():
        words = name.replace("_", " ")
        check(
            _SECRET.fullmatch(value),
            f"The {words} is empty or holds spaces or special characters; copy it again.",
        )


def check_address(title: str, address: str) -> None:
    """https, or plain http to this machine: the sandbox."""
    check(_is_secure(address), f"The {title} must begin with https://.")


def is_on_this_machine(address: str) -> bool:
    """A stand-in of a platform."""
    return _is_loopback(URL(address).host)


def _is_secure(address: str) -> bool:
    try:
        url = URL(address)
    except InvalidURL:
        return False
    # After these what is added to the address is no path: any page of this machine could be asked.
    if not url.host or not set("?#@").isdisjoint(address):
        return False
    return url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
