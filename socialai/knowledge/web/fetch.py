"""One web page, within limits: its size, its time, its kind, and every place it sends us on to."""

import time
import zlib
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

import httpx
from msgspec import Struct

from socialai.errors import FetchError
from socialai.knowledge.web.addresses import Resolve
from socialai.knowledge.web.links import normal
from socialai.knowledge.web.wire import Wire

AGENT = "SocialAIHub"
MAX_REDIRECTS = 5
TYPES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "text/csv",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_HEADERS = {
    "user-agent": f"Mozilla/5.0 (compatible; {AGENT}/1.0; reads a shop's own pages for its assistant)",
    "accept": ", ".join(TYPES),
    "accept-encoding": "identity",
}

Check = Callable[[str], None]
"""Raises a FetchError for an address that must not be asked; called for the first and for every redirect."""


class Web(Struct, frozen=True):
    """How pages are fetched. `allowed`: host:port that may be on this machine or its net."""

    resolve: Resolve
    allowed: frozenset[str]
    max_bytes: int
    seconds: float


class Known(Struct, frozen=True):
    """What the site said of a page when it was read last."""

    etag: str | None = None
    last_modified: str | None = None


class Fetched(Struct, frozen=True):
    """`data` is None when the page is as it was; `url` is where it was in the end."""

    url: str
    data: bytes | None
    content_type: str
    charset: str | None
    known: Known


class _Next(NamedTuple):
    url: str


UNKNOWN = Known()


def get(
    web: Web,
    url: str,
    check: Check,
    known: Known = UNKNOWN,
    *,
    most: int | None = None,
    types: Collection[str] = TYPES,
) -> Fetched:
    """Follows redirects itself, each checked like the first. Raises FetchError."""
    wire = Wire(web.resolve, web.allowed, time.monotonic() + web.seconds)
    with httpx.Client(transport=wire, trust_env=False, timeout=web.seconds, headers=_HEADERS) as client:
        for _ in range(MAX_REDIRECTS + 1):
            check(url)
            found = _once(client, url, known, most or web.max_bytes, types)
            if isinstance(found, Fetched):
                return found
            url = found.url
    raise FetchError("The page sends its readers round in circles.", "refused")


def _once(client: httpx.Client, url: str, known: Known, most: int, types: Collection[str]) -> Fetched | _Next:
    asked = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
    headers = {name: value for name, value in asked.items() if value}
    try:
        with client.stream("GET", url, headers=headers) as answer:
            if answer.status_code in (301, 302, 303, 307, 308):
                return _Next(_target(answer, url))
            return _read(answer, url, known, most, types)
    except httpx.TimeoutException:
        raise FetchError("The page takes too long to come.", "failed") from None
    except (httpx.HTTPError, httpx.InvalidURL, zlib.error):
        message = "The web site cannot be reached, or answers nothing that can be read."
        raise FetchError(message, "failed") from None


def _target(answer: httpx.Response, url: str) -> str:
    target = normal(answer.headers.get("location", ""), url) if "location" in answer.headers else None
    if target is None:
        raise FetchError("The page sends its readers on to nowhere.", "refused")
    return target


def _read(answer: httpx.Response, url: str, known: Known, most: int, types: Collection[str]) -> Fetched:
    status = answer.status_code
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status == 304 and (known.etag or known.last_modified):
        return Fetched(url, None, kind, None, known)
    _refuse(status)
    if types and kind not in types:
        raise FetchError(f"This is no page with text ({kind or 'of no kind'}).", "refused")
    data = b"".join(_pieces(answer, most))
    headers = answer.headers
    seen = Known(headers.get("etag"), headers.get("last-modified"))
    return Fetched(url, data, kind, answer.charset_encoding, seen)


def _refuse(status: int) -> None:
    if status in (404, 410):
        raise FetchError("The page is not there (any more).", "gone", status)
    if status in (401, 403):
        raise FetchError("The page is only for those who sign in.", "failed", status)
    if status != 200:
        raise FetchError(f"The web site answers with an error ({status}).", "failed", status)


def _pieces(answer: httpx.Response, most: int) -> Iterator[bytes]:
    """Unpacked piece by piece, so that a small answer cannot fill the memory."""
    total = 0
    for piece in _unpacked(answer, most):
        total += len(piece)
        if total > most:
            raise FetchError(f"The page is larger than {most // 1024:,} KB.", "refused")
        yield piece


def _unpacked(answer: httpx.Response, most: int) -> Iterator[bytes]:
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing == "identity":
        yield from answer.iter_raw()
    elif packing in ("gzip", "x-gzip", "deflate"):
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
        for piece in answer.iter_raw():
            yield unpack.decompress(piece, most + 1)
    else:
        raise FetchError(f"The page is packed in a way that cannot be read ({packing}).", "refused")
