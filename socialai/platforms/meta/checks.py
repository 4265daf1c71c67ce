"""What an owner enters for any of Meta's platforms, checked before it is kept."""

import re

from socialai.platforms.checks import check, check_address

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")


def check_id(title: str, value: str) -> None:
    check(_ID.fullmatch(value), f"The {title} is a number, without spaces or slashes.")


def check_api(version: str, address: str) -> None:
    check(_VERSION.fullmatch(version), "The Graph API version looks like v26.0.")
    check_address("Graph API address", address)
