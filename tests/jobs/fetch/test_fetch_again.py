"""A web site is read again: only what changed is taken, and nothing is lost."""

from socialai.jobs import sweep as sweeping
from socialai.jobs.fetch import fetch
from socialai.store import articles, sites
from tests.jobs.fetch.reader import Reader, page
from tests.knowledge.web.site import Answer


def test_a_second_reading_takes_only_what_changed(reader: Reader) -> None:
    reader.shop.pages["/returns"] = Answer(page("Returns", "Send it back within 30 days."), etag='"1"')
    reader.read()
    before = reader.articles
    reader.shop.pages["/shipping"] = page("Shipping", "Shipping to Norway costs 12 EUR.")
    reader.again()
    assert reader.states == {"/": "unchanged", "/shipping": "read", "/returns": "unchanged"}
    assert "12 EUR" in reader.text("Shipping")
    for title in ("Fjord Tents", "Returns"):
        assert reader.articles[title].updated_at == before[title].updated_at
    assert reader.articles["Shipping"].id == before["Shipping"].id


def test_a_page_of_which_only_the_frame_changed_is_unchanged(reader: Reader) -> None:
    reader.read()
    reader.shop.pages["/shipping"] = reader.shop.pages["/shipping"].replace("Menu", "Menu of today")
    reader.again()
    assert reader.states["/shipping"] == "unchanged"


def test_a_page_that_is_gone_is_said_and_its_article_marked_and_kept(reader: Reader) -> None:
    reader.read()
    was = reader.shop.pages.pop("/shipping")
    reader.again()
    assert reader.states["/shipping"] == "gone"
    assert reader.articles["Shipping"].gone_at is not None
    reader.shop.pages["/shipping"] = was
    reader.again()
    assert reader.articles["Shipping"].gone_at is None
    assert reader.states["/shipping"] in ("read", "unchanged")


def test_a_site_that_is_down_for_a_while_loses_nothing(reader: Reader) -> None:
    reader.read()
    reader.shop.pages |= dict.fromkeys(("/", "/shipping", "/returns"), Answer("down", 500))
    done = reader.again()
    assert done.state == "failed"
    assert all(article.gone_at is None for article in reader.articles.values())


def test_what_a_person_changed_or_deleted_is_left_alone(reader: Reader) -> None:
    reader.read()
    shipping, returns = reader.articles["Shipping"].id, reader.articles["Returns"].id
    now = reader.clock()
    reader.db.write(lambda db: articles.update(db, shipping, title="Shipping", text="By hand.", now=now))
    reader.db.write(lambda db: articles.delete(db, returns))
    for path in ("/shipping", "/returns"):
        reader.shop.pages[path] = page("New", f"Something new of {path}.")
    reader.again()
    assert reader.text("Shipping") == "By hand."
    assert set(reader.articles) == {"Fjord Tents", "Shipping"}
    assert "by hand" in (reader.reasons["/shipping"] or "")
    assert "deleted" in (reader.reasons["/returns"] or "")


def test_a_reading_that_was_cut_off_goes_on_where_it_was(reader: Reader) -> None:
    added = reader.db.write(lambda db: sites.add(db, reader.shop.url, reader.clock(), whole=True))
    reader.id = added.id
    for _ in range(3):  # robots, the start and one more page
        fetch(reader.app, "acme", added.id)
        reader.clock.wait(seconds=1)
    reader.bells.lose()
    asked = list(reader.shop.asked)
    sweeping.sweep(reader.app)
    assert reader.run().state == "done"
    assert reader.shop.asked[: len(asked)] == asked
    assert len(set(reader.shop.asked)) == len(reader.shop.asked)


def test_two_bells_read_one_page(reader: Reader) -> None:
    added = reader.db.write(lambda db: sites.add(db, reader.shop.url, reader.clock(), whole=True))
    for _ in range(5):
        fetch(reader.app, "acme", added.id)
    assert reader.shop.asked == ["/robots.txt", "/"]


def test_a_site_on_a_schedule_is_read_again_when_it_is_due(reader: Reader) -> None:
    reader.read(every_hours=24)
    asked = len(reader.shop.asked)
    reader.clock.wait(hours=23)
    sweeping.sweep(reader.app)
    reader.run()
    assert len(reader.shop.asked) == asked
    reader.clock.wait(hours=2)
    sweeping.sweep(reader.app)
    reader.run()
    assert len(reader.shop.asked) == 2 * asked


def test_what_came_from_a_site_stays_when_the_site_goes(reader: Reader) -> None:
    reader.read()
    reader.db.write(lambda db: sites.delete(db, reader.id))
    assert set(reader.articles) == {"Fjord Tents", "Shipping", "Returns"}
    assert reader.articles["Shipping"].url is None
