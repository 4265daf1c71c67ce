"""Addresses of web pages: one spelling for each, and which belong to the same site."""

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from socialai.errors import InvalidInput

MAX_URL = 1000
_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|sessionid|phpsessid)(?:=|$)", re.IGNORECASE
)
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|avif|mp[34]|m4[av]|webm|mov|avi|wav|ogg|zip|gz|rar|7z|exe|dmg|apk|css|js"
    r"|json|xml|rss|woff2?|ttf|eot|xlsx?|pptx?)$",
    re.IGNORECASE,
)
_MOST_REPEATS = 3
"""A path that says the same so often leads round in circles."""


def clean(url: str) -> str:
    """What a person typed → an address; InvalidInput when it is none."""
    url = url.strip()
    found = normal(url if "://" in url else f"https://{url}")
    if found is None:
        raise InvalidInput(
            "This is not the address of a web page. It looks like https://www.example.com/help."
        )
    return found


def normal(url: str, base: str = "") -> str | None:
    """The one spelling of an address, without what only counts visitors; None when it is no web page's."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in _PORTS or not host or parts.username or parts.password or " " in host:
        return None
    where = f"[{host}]" if ":" in host else host
    where += f":{port}" if port and port != _PORTS[parts.scheme] else ""
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair))
    try:
        whole = str(httpx.URL(urlunsplit((parts.scheme, where, parts.path or "/", query, ""))))
    except httpx.InvalidURL:
        return None
    return whole if len(whole) <= MAX_URL else None


def same_site(url: str, other: str) -> bool:
    """With or without www, by http or https."""
    return _site(url) == _site(other)


def is_page(url: str) -> bool:
    """By its looks: no picture, program or feed, and no path that goes round in circles."""
    path = urlsplit(url).path
    repeats = Counter(part for part in path.split("/") if part)
    return not _NO_PAGE.search(path) and max(repeats.values(), default=0) < _MOST_REPEATS


def robots_url(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def _site(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    port = None if parts.port in (None, 80, 443) else parts.port
    return (parts.hostname or "").removeprefix("www."), port
