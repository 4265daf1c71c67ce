"""One page, from a real server on this machine."""

import msgspec
import pytest

from socialai.errors import FetchError
from socialai.knowledge.web import robots
from socialai.knowledge.web.fetch import Check, Known, Web, get
from tests.knowledge.web.site import Answer, Site, bomb, to


def anything(url: str) -> None:
    """Every address may be asked; only the wire says no."""


def refused(web: Web, url: str, check: Check = anything) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(web, url, check)
    return caught.value


def test_a_page_comes_with_what_the_site_says_of_it(site: Site, web: Web) -> None:
    site.pages["/"] = Answer("<p>Hello</p>", kind="text/html; charset=iso-8859-1", etag='"1"')
    found = get(web, site.url, anything)
    assert (found.data, found.content_type, found.charset) == (b"<p>Hello</p>", "text/html", "iso-8859-1")
    assert found.known == Known('"1"', None)
    assert "SocialAIHub" in site.headers[0]["user-agent"]
    assert site.headers[0]["host"] == site.host


def test_a_page_that_is_as_it_was_is_not_sent_again(site: Site, web: Web) -> None:
    site.pages["/"] = Answer("<p>Hello</p>", etag='"1"')
    known = get(web, site.url, anything).known
    assert get(web, site.url, anything, known).data is None


def test_not_changed_is_no_answer_to_who_never_asked_whether(site: Site, web: Web) -> None:
    site.pages["/"] = Answer(status=304)
    assert refused(web, site.url).kind == "failed"


@pytest.mark.parametrize(("status", "kind"), [(404, "gone"), (410, "gone"), (403, "failed"), (500, "failed")])
def test_a_page_that_is_not_there_says_whether_it_may_come_back(
    site: Site, web: Web, status: int, kind: str
) -> None:
    site.pages["/"] = Answer("no", status)
    assert refused(web, site.url).kind == kind


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "video/mp4", ""])
def test_what_is_no_text_is_refused_before_it_is_loaded(site: Site, web: Web, kind: str) -> None:
    site.pages["/"] = Answer(b"x" * 50, kind=kind)
    assert refused(web, site.url).kind == "refused"


@pytest.mark.parametrize("answer", [Answer(b"a" * 100_001), bomb(50_000_000)], ids=["huge", "bomb"])
def test_a_huge_page_is_refused(site: Site, web: Web, answer: Answer) -> None:
    site.pages["/"] = answer
    assert "larger" in str(refused(web, site.url))


def test_a_packed_page_is_unpacked(site: Site, web: Web) -> None:
    site.pages["/"] = bomb(10)
    assert get(web, site.url, anything).data == b"<p>" + b"a" * 10


def test_a_page_packed_in_an_unknown_way_is_refused(site: Site, web: Web) -> None:
    site.pages["/"] = Answer(b"xx", content_encoding="br")
    assert refused(web, site.url).kind == "refused"


def test_a_page_that_drips_is_given_up_in_time(site: Site, web: Web) -> None:
    """Every byte comes soon enough, the page never."""
    site.pages["/"] = Answer(b"a" * 1000, drip=0.05)
    assert "too long" in str(refused(msgspec.structs.replace(web, seconds=0.4), site.url))


def test_a_site_that_says_nothing_is_given_up_in_time(site: Site, web: Web) -> None:
    site.pages["/"] = lambda _: Answer("late" if site.stopping.wait() else "never")
    assert "too long" in str(refused(msgspec.structs.replace(web, seconds=0.3), site.url))


def test_redirects_are_followed_to_their_end(site: Site, web: Web) -> None:
    site.pages |= {"/": to("/a"), "/a": to("b", 301), "/b": "<p>There</p>"}
    assert get(web, site.url, anything).url == f"{site.url}b"


def test_redirects_in_circles_end(site: Site, web: Web) -> None:
    site.pages |= {"/": to("/a"), "/a": to("/")}
    assert "circles" in str(refused(web, site.url))
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "place", ["", "file:///etc/passwd", "ftp://example.com/", "http://user:pw@example.com/"]
)
def test_a_redirect_to_what_is_no_web_page_is_refused(site: Site, web: Web, place: str) -> None:
    site.pages["/"] = to(place) if place else Answer(status=302)
    assert refused(web, site.url).kind == "refused"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:1",
        "169.254.169.254",
        "localhost:1",
        "[::1]:1",
        "[::ffff:127.0.0.1]:1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0:1",
        "10.0.0.1",
        "192.168.1.1",
        "100.100.100.200",
        "168.63.129.16",
        "[fd00:ec2::254]",
        "[fe80::1]",
    ],
)
def test_a_redirect_inside_is_refused_wherever_it_points(site: Site, web: Web, host: str) -> None:
    """The site itself may be on this machine here, by its host and port, and nothing else may."""
    site.pages["/"] = to(f"http://{host}/latest/meta-data")
    assert "not on the public internet" in str(refused(web, site.url))


def test_every_redirect_is_checked_like_the_first_address(site: Site, web: Web) -> None:
    site.pages |= {"/": to("/hidden"), "/hidden": "secret"}

    def check(url: str) -> None:
        if url.endswith("hidden"):
            raise FetchError("Not this one.", "refused")

    assert str(refused(web, site.url, check)) == "Not this one."
    assert site.asked == ["/"]


def test_a_name_is_looked_up_once_and_what_was_checked_is_asked(site: Site, web: Web) -> None:
    """A name server that says a public address first and ours then gains nothing."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    allowed = frozenset({f"shop.example:{site.port}"})
    site.pages["/"] = "<p>Hello</p>"
    moved = msgspec.structs.replace(web, resolve=rebinding, allowed=allowed)
    assert get(moved, f"http://shop.example:{site.port}/", anything).data == b"<p>Hello</p>"
    assert asked == ["shop.example"]
    assert site.headers[0]["host"] == f"shop.example:{site.port}"


@pytest.mark.parametrize("found", [["93.184.216.34", "127.0.0.1"], ["::1"], []])
def test_one_private_address_among_a_names_addresses_is_enough_to_refuse_it(
    web: Web, found: list[str]
) -> None:
    trick = msgspec.structs.replace(web, resolve=lambda host, port: found)
    assert refused(trick, "http://shop.example/").kind in ("refused", "failed")


def test_a_name_without_an_address_is_a_site_that_is_not_there(web: Web) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    lost = msgspec.structs.replace(web, resolve=nowhere)
    assert "no web site shop.example" in str(refused(lost, "http://shop.example/"))


def test_a_site_without_robots_may_be_read(site: Site, web: Web) -> None:
    may, delay = robots.rules(robots.read(web, site.url))
    assert may(f"{site.url}anything")
    assert delay == 0


def test_robots_say_what_may_be_read_and_how_fast(site: Site, web: Web) -> None:
    site.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 3\nDisallow: /cart", kind="text/plain")
    may, delay = robots.rules(robots.read(web, f"{site.url}shop/page"))
    assert may(f"{site.url}shop")
    assert not may(f"{site.url}cart/1")
    assert delay == 3


def test_robots_that_ask_for_an_hour_do_not_get_it(site: Site, web: Web) -> None:
    assert robots.rules("User-agent: *\nCrawl-delay: 3600")[1] == robots.MAX_DELAY


def test_a_site_whose_robots_cannot_be_asked_is_not_read(site: Site, web: Web) -> None:
    site.pages["/robots.txt"] = Answer("down", 503)
    with pytest.raises(FetchError):
        robots.read(web, site.url)
