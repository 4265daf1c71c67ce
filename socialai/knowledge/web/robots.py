"""What a site's robots.txt lets us read, and how fast."""

from collections.abc import Callable
from urllib.robotparser import RobotFileParser

from socialai.errors import FetchError
from socialai.knowledge.web.fetch import AGENT, Web, get
from socialai.knowledge.web.links import robots_url, same_site

MAX_BYTES = 512 * 1024
MAX_DELAY = 10.0

May = Callable[[str], bool]


def read(web: Web, url: str) -> str:
    """The text of the site's robots.txt, empty when it has none. A FetchError when the site cannot say: then
    nothing of it may be read (RFC 9309)."""

    def check(target: str) -> None:
        if not same_site(url, target):
            raise FetchError("Its robots.txt is elsewhere.", "gone")

    try:
        found = get(web, robots_url(url), check, most=MAX_BYTES, types=())
    except FetchError as error:
        if error.kind == "gone" or error.status in range(400, 500):
            return ""
        raise
    return (found.data or b"").decode("utf-8", "replace")


def rules(text: str) -> tuple[May, float]:
    """What may be read, and how many seconds lie between two pages at least."""
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    delay = parser.crawl_delay(AGENT)
    seconds = float(delay) if delay else 0.0
    return lambda url: parser.can_fetch(AGENT, url), min(seconds, MAX_DELAY)
