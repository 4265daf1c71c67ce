"""A web page → what it says, without the frame around it, and where its links lead."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag
from msgspec import Struct

from socialai.errors import InvalidInput
from socialai.knowledge.readers import page
from socialai.knowledge.readers.document import Check, Document, one_line
from socialai.knowledge.readers.plain import decode
from socialai.knowledge.readers.read import finished, limited, read
from socialai.knowledge.web.fetch import Fetched
from socialai.knowledge.web.links import is_page, normal, same_site

MAX_LINKS = 2000
_HTML = ("text/html", "application/xhtml+xml")
_FRAME = ("header", "footer", "aside")
_FRAME_ROLES = ("banner", "contentinfo", "navigation", "search", "complementary", "dialog", "alertdialog")
_FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|navbar|nav|menu|sidebar|newsletter|skip-link|share|social"
    r"|related|popup|modal|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LEAST_SHARE = 0.25
"""Of the page's words: a <main> with fewer is not where the text is."""


class Extracted(Struct, frozen=True):
    """`document` is None when the page asks not to be kept, or says nothing."""

    document: Document | None
    links: tuple[str, ...] = ()


def extract(fetched: Fetched, *, with_frame: bool) -> Extracted:
    """`with_frame`: header and footer too, which hold the address and the hours of many a shop. One page of a
    site is enough for that. Raises InvalidInput when the page cannot be read."""
    data = fetched.data or b""
    if fetched.content_type not in _HTML:
        return Extracted(read(data, _name(fetched.url)))
    return limited(lambda check: _of_page(_decoded(data, fetched.charset), fetched.url, with_frame, check))


def _of_page(text: str, url: str, with_frame: bool, check: Check) -> Extracted:
    soup = page.parse(text)
    check()
    robots = _robots(soup)
    links = () if "nofollow" in robots else tuple(dict.fromkeys(_links(soup, url)))[:MAX_LINKS]
    if "noindex" in robots:
        return Extracted(None, links)
    page.drop_unwanted(soup)
    _shorten_title(soup)
    if not with_frame:
        _drop_frame(soup)
    try:
        document = finished(page.document(soup, _main(soup), check), _name(url))
    except InvalidInput:
        return Extracted(None, links)
    return Extracted(document, links)


def _decoded(data: bytes, charset: str | None) -> str:
    """As the server says, or else as the page itself does."""
    try:
        return data.decode(charset) if charset else decode(data)
    except (UnicodeDecodeError, LookupError):
        return decode(data)


def _robots(soup: BeautifulSoup) -> str:
    tags = soup.find_all("meta", attrs={"name": re.compile("^robots$", re.IGNORECASE)})
    found = " ".join(str(tag.get("content", "")) for tag in tags).lower()
    return found.replace("none", "noindex nofollow")


def _links(soup: BeautifulSoup, url: str) -> Iterator[str]:
    base = soup.find("base", href=True)
    start = normal(str(base["href"]), url) if isinstance(base, Tag) else None
    for tag in soup.find_all("a", href=True):
        if "nofollow" in str(tag.get("rel", "")):
            continue
        link = normal(str(tag["href"]), start or url)
        if link and same_site(link, url) and is_page(link):
            yield link


def _shorten_title(soup: BeautifulSoup) -> None:
    """'Shipping – Fjord Tents' is the page Shipping, when its heading says so."""
    if soup.title is None or soup.h1 is None:
        return
    heading = one_line(soup.h1.get_text())
    parts = re.split(r"\s+[|·•:–—-]\s+", one_line(soup.title.get_text()))
    if heading.casefold() in (part.casefold() for part in parts):
        soup.title.string = heading


def _drop_frame(soup: BeautifulSoup) -> None:
    for tag in soup.find_all(_is_frame):
        tag.extract()


def _is_frame(tag: Tag) -> bool:
    if tag.name in ("html", "body", "main", "article"):
        return False
    if tag.name in _FRAME:
        return tag.find_parent(["main", "article"]) is None
    if str(tag.get("role", "")) in _FRAME_ROLES or tag.get("aria-hidden") == "true":
        return True
    classes = tag.get("class")
    names = [*(classes if isinstance(classes, list) else []), str(tag.get("id", ""))]
    return any(map(_FRAME_NAMES.search, names))


def _main(soup: BeautifulSoup) -> Tag:
    """<main>, or the only <article>, when most of the page is in it."""
    body = soup.body or soup
    found = soup.find_all("main") or soup.find_all("article")
    only = found[0] if len(found) == 1 else None
    if isinstance(only, Tag) and len(only.get_text()) >= _LEAST_SHARE * len(body.get_text()):
        return only
    return body


def _name(url: str) -> str:
    return url.partition("?")[0].rstrip("/").rpartition("/")[2] or "page"
