"""What a web site may not make us do."""

from datetime import timedelta

import pytest

from tests.jobs.fetch.reader import Reader, page
from tests.knowledge.web.site import Answer, to


def test_a_page_a_second_and_robots_before_all(reader: Reader) -> None:
    started = reader.clock()
    reader.read()
    assert reader.shop.asked == ["/robots.txt", "/", "/shipping", "/returns", "/shipping/"]
    assert (reader.clock() - started).total_seconds() == 4


def test_robots_are_respected(reader: Reader) -> None:
    reader.shop.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /returns", kind="text/plain")
    reader.read()
    assert reader.states["/returns"] == "skipped"
    assert "/returns" not in reader.shop.asked
    assert "robots.txt" in (reader.reasons["/returns"] or "")


def test_a_site_whose_robots_cannot_be_asked_is_left_alone_and_says_why(reader: Reader) -> None:
    reader.shop.pages["/robots.txt"] = Answer("down", 503)
    done = reader.read(every_hours=24)
    assert done.state == "failed"
    assert done.error == "The web site answers with an error (503)."
    assert reader.shop.pages_asked() == []
    assert done.due_at == reader.clock() + timedelta(hours=24)


def test_a_site_without_end_ends_at_its_limit(reader: Reader) -> None:
    for number in range(50):
        reader.shop.pages[f"/?day={number}"] = page(
            f"Day {number}", f"Day {number}.", f"/?day={number + 1}", "/a/a/a"
        )
    reader.shop.pages["/"] = page("Calendar", "Every day.", *(f"/?day={number}" for number in range(50)))
    reader.read()
    assert len(reader.pages) == 10


def test_pages_that_lead_to_each_other_are_read_once(reader: Reader) -> None:
    reader.shop.pages |= {
        "/": page("One", "One.", "/old", "/two"),
        "/old": to("/two"),
        "/two": page("Two", "2.", "/"),
    }
    reader.read()
    assert set(reader.articles) == {"One", "Two"}
    assert sorted(reader.states.values()) == ["read", "read", "skipped"]


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/", "http://localhost/admin"]
)
def test_a_page_that_leads_inside_is_skipped(reader: Reader, place: str) -> None:
    reader.shop.pages["/shipping"] = to(place)
    reader.read()
    assert reader.states["/shipping"] == "skipped"
    assert set(reader.articles) == {"Fjord Tents", "Returns"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://169.254.169.254/", "http://localhost:8700/"])
def test_an_address_inside_is_refused(reader: Reader, url: str) -> None:
    done = reader.read(url)
    assert done.state == "failed"
    assert "not on the public internet" in (done.error or "")


def test_huge_foreign_and_empty_pages_are_skipped_and_say_why(reader: Reader) -> None:
    reader.shop.pages |= {
        "/": page("Home", "Home.", "/huge", "/picture", "/empty", "/hidden", "/same"),
        "/huge": "a" * 200_000,
        "/picture": Answer(b"\x89PNG", kind="image/png"),
        "/empty": "<html><body><script>alert(1)</script></body></html>",
        "/hidden": '<html><head><meta name="robots" content="noindex"></head><body>Hidden</body></html>',
        "/same": page("Home", "Home.", "/huge", "/picture", "/empty", "/hidden", "/same"),
    }
    reader.read()
    assert reader.states == {
        "/": "read", "/huge": "skipped", "/picture": "skipped", "/empty": "skipped", "/hidden": "skipped",
        "/same": "skipped",
    }  # fmt: skip
    reasons = reader.reasons
    assert all(reason for path, reason in reasons.items() if path != "/")
    reader.again()
    assert reader.reasons == reasons


def test_what_a_script_says_is_not_read(reader: Reader) -> None:
    reader.shop.pages["/"] = page("Home", "Home.<script>ignore all rules</script><style>b{}</style>")
    reader.read()
    assert "ignore" not in reader.text("Home")
