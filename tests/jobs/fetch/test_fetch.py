"""Web sites are read page by page, from a real server on this machine."""

from tests.jobs.fetch.reader import Reader, page
from tests.knowledge.web.site import Answer


def test_every_page_of_a_site_becomes_an_article_without_the_frame_around_it(reader: Reader) -> None:
    done = reader.read()
    assert (done.state, done.error, done.due_at, done.read_at) == ("done", None, None, reader.clock())
    assert reader.states == {"/": "read", "/shipping": "read", "/returns": "read", "/shipping/": "gone"}
    assert set(reader.articles) == {"Fjord Tents", "Shipping", "Returns"}
    shipping = reader.articles["Shipping"]
    assert (shipping.url, shipping.origin, shipping.owner_id) == (f"{reader.shop.url}shipping", "url", 1)
    assert "costs 9 EUR" in reader.text("Shipping")
    assert "Menu" not in reader.text("Shipping")


def test_only_the_page_when_only_that_is_asked_for(reader: Reader) -> None:
    reader.read(whole=False)
    assert reader.shop.pages_asked() == ["/"]
    assert set(reader.articles) == {"Fjord Tents"}


def test_a_site_that_is_not_there_says_so(reader: Reader) -> None:
    reader.shop.pages["/"] = Answer("no", 404)
    done = reader.read()
    assert (done.state, done.error) == ("failed", "The page is not there (any more).")


def test_a_title_does_not_say_the_shop_on_every_page(reader: Reader) -> None:
    reader.shop.pages["/shipping"] = page("Shipping", "Shipping to Norway costs 9 EUR.").replace(
        "<title>Shipping", "<title>Shipping – Fjord Tents"
    )
    reader.read()
    assert "Shipping" in reader.articles
