"""The chat on a shop's site, as a stranger may use and misuse it."""

import re
from collections.abc import Callable

import pytest

from socialai.actions import contacts as people
from socialai.context import App
from socialai.intake import Intake
from socialai.jobs.process import process
from socialai.jobs.sweep import sweep
from socialai.platforms.webchat import keys
from socialai.store import activities, channels, contacts, conversations, messages
from tests import cast
from tests.cast import Clock
from tests.routes.conftest import Client, Headers
from tests.routes.visitors import SITE, WHO, Visitor, answer, connect


@pytest.fixture
def visit(app: App, client: Client) -> Callable[..., Visitor]:
    client.app.state["intake"] = Intake(app.files, app.tasks, app.clock)
    return lambda **more: Visitor(app, client, connect(app, **more))


def test_a_visitor_is_answered_and_finds_the_talk_again(app: App, visit: Callable[..., Visitor]) -> None:
    visitor = visit().begin()
    told = {"name": "Ada Byron", "email": "ada@example.com", "agreed": True, "page": f"{SITE}/boots"}
    assert visitor.say("Do you ship to Norway?", **told).status_code == 202
    conversation_id = answer(app, "Yes, for 9 EUR.")
    assert visitor.sees() == ["Do you ship to Norway?", "Yes, for 9 EUR."]
    assert [line["by"] for line in visitor.ask("GET", "/messages").json()["lines"]] == ["visitor", "team"]
    assert visitor.ask("POST", "/seen").status_code == 204
    process(app, "acme", 0)
    db = app.files.tenant("acme")
    contact = db.read(lambda db: contacts.get(db, conversations.get(db, conversation_id).contact_id))
    assert (contact.name, contact.email) == ("Ada Byron", "ada@example.com")
    ours = db.read(lambda db: messages.messages(db, conversation_id))[-1]
    assert ours.read_at or db.read(lambda db: conversations.get(db, conversation_id)).read_watermark
    noted = [each.text for each in db.read(lambda db: activities.activities(db, conversation_id))]
    assert "The visitor agreed to be answered at ada@example.com" in noted


def test_the_key_is_not_kept_and_what_was_said_twice_is_there_once(
    app: App, visit: Callable[..., Visitor]
) -> None:
    visitor = visit().begin()
    visitor.say("Hello")
    visitor.said = 0
    assert visitor.say("Hello").status_code == 202
    assert visitor.sees() == ["Hello"]
    rows = app.files.tenant("acme").read(
        lambda db: [tuple(row) for row in db.execute("select * from visitor")]
    )
    assert visitor.key.encode() not in repr(rows).encode()
    assert visitor.key.partition(".")[0] not in repr(rows)


def test_nobody_gets_in_with_a_forged_a_foreign_or_an_old_key(
    app: App, visit: Callable[..., Visitor], clock: Clock
) -> None:
    visitor = visit().begin()
    visitor.say("The gate code is 4711")
    mine = visitor.key
    other = visit().begin()
    secret = app.channels.adapter("acme", 2).config.signing_key
    site = app.channels.adapter("acme", 2).external_id
    word = mine.partition(".")[0]
    forged = [
        f"{word}.{'0' * 64}",
        word,
        f"{mine}0",
        f"x{mine}",
        other.key,
        keys.make(secret, "rival", site),  # of another business
        keys.make(secret, "acme", site),  # well signed, and never given to anybody
        "ä.ö",
        "." * 5000,
    ]
    for key in forged:
        answer = visitor.ask("GET", "/messages", headers={"authorization": f"Bearer {key}".encode()})
        assert answer.status_code == 401, key
        assert "4711" not in answer.text
    for end in ("/messages", "/seen", "/typing", "/files"):
        visitor.key = ""
        assert visitor.ask("POST", end, json={"id": "message-9", "text": "x"}).status_code == 401
    visitor.key = mine
    clock.wait(days=91)
    assert visitor.ask("GET", "/messages").status_code == 401
    sweep(app)
    left = app.files.tenant("acme").read(lambda db: db.execute("select count(*) from visitor").fetchone()[0])
    assert left == 0


def test_only_pages_of_the_shops_sites_may_ask(visit: Callable[..., Visitor], client: Client) -> None:
    visitor = visit().begin()
    assert client.get(f"/widget/rival/{visitor.place.rpartition('/')[2]}").status_code == 404
    assert client.get("/widget/acme/0123456789abcdef").status_code == 404
    policy = client.get(visitor.place).headers["content-security-policy"]
    assert f"frame-ancestors 'self' {SITE}" in policy
    assert "unsafe" not in policy
    framed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    assert visitor.ask("GET", "", headers=framed).status_code == 200
    for origin in ("https://evil.example", "null", f"{SITE}.evil.example", "http://www.acme.example"):
        asked = visitor.ask("GET", "/messages", headers={"origin": origin, "sec-fetch-site": "cross-site"})
        assert asked.status_code == 403
        assert "access-control-allow-origin" not in asked.headers
    asked = visitor.ask("GET", "/messages", headers={"origin": SITE, "sec-fetch-site": "cross-site"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, SITE)
    assert "access-control-allow-credentials" not in asked.headers
    before = visitor.ask("OPTIONS", "/messages", headers={"origin": SITE, "sec-fetch-site": "cross-site"})
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (204, SITE)


def test_outside_opening_hours_an_address_is_asked_for(
    app: App, visit: Callable[..., Visitor], clock: Clock
) -> None:
    visitor = visit(always_open=False).begin()  # Monday to Friday, 9 to 17, UTC; it is Monday, 8 o'clock
    assert visitor.ask("GET", "/messages").json()["open"] is False
    refused = visitor.say("Anybody there?")
    assert (refused.status_code, "e-mail" in refused.json()["detail"]) == (400, True)
    assert visitor.say("Anybody there?", email="ada@example.com", agreed=True).status_code == 202
    assert visitor.say("I can wait.").status_code == 202
    clock.wait(hours=2)
    assert visitor.ask("GET", "/messages").json()["open"] is True
    insisting = visit(insists=True).begin()
    assert insisting.say("Hello").status_code == 400


def test_joining_contacts_shows_a_visitor_nothing_that_was_said_elsewhere(
    app: App, visit: Callable[..., Visitor], ids: dict[str, cast.Ids]
) -> None:
    visitor = visit().begin()
    visitor.say("I am Ada Lovelace")
    find = "select max(id) from contact"
    newest = app.files.tenant("acme").read(lambda db: int(db.execute(find).fetchone()[0]))
    people.join(app, WHO, ids["acme"].contact_id, newest)
    answer(app, "Hello Ada!")
    assert visitor.say("Thank you!").status_code == 202
    assert visitor.sees() == ["I am Ada Lovelace", "Hello Ada!", "Thank you!"]


def test_who_is_erased_is_not_known_again(app: App, visit: Callable[..., Visitor]) -> None:
    visitor = visit().begin()
    visitor.say("Forget me, please", email="ada@example.com", agreed=True)
    database = app.files.tenant("acme")
    people.erase(
        app, WHO, database.read(lambda db: int(db.execute("select max(id) from contact").fetchone()[0]))
    )
    assert visitor.ask("GET", "/messages").status_code == 401
    left = database.read(lambda db: [bytes(row["body"]) for row in db.execute("select body from event")])
    assert b"ada@example.com" not in b"".join(left)


def test_what_the_shop_deletes_or_changes_is_so_for_the_visitor(
    app: App, visit: Callable[..., Visitor]
) -> None:
    visitor = visit().begin()
    visitor.say("Hello")
    conversation_id = answer(app, "Helo!")
    database = app.files.tenant("acme")
    ours = database.read(lambda db: messages.messages(db, conversation_id))[-1]
    database.write(lambda db: db.execute("update message set text = 'Hello!' where id = ?", (ours.id,)))
    assert visitor.sees() == ["Hello", "Hello!"]
    database.write(lambda db: db.execute("update message set deleted_at = sent_at where id = ?", (ours.id,)))
    assert visitor.sees() == ["Hello"]


def test_markup_is_text_on_both_sides(
    app: App, visit: Callable[..., Visitor], client: Client, browser: Callable[[str], Headers]
) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    visitor = visit(title=evil, greeting=evil).begin()
    visitor.say(evil, name="<b>Ada", agreed=True)
    conversation_id = answer(app, evil)
    inbox = client.get(f"/inbox/{conversation_id}", headers=browser("olga")).text
    assert "<script>alert" not in inbox
    assert "<img src=x" not in inbox
    assert visitor.sees() == [evil, evil]
    page = client.get(visitor.place).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    about = re.search(r'data-about="([^"]*)"', page)
    assert about


def test_the_window_speaks_the_visitors_language(visit: Callable[..., Visitor], client: Client) -> None:
    visitor = visit()
    asked = {"fr-CH, fr;q=0.9": "fr", "xx": "en", "": "en", "sv": "sv"}
    for accepted, language in asked.items():
        page = client.get(visitor.place, headers={"accept-language": accepted}).text
        assert f'<html lang="{language}">' in page
    assert '<html lang="fi">' in client.get(visit(language="fi").place).text


def test_a_closed_chat_lets_nobody_in(app: App, visit: Callable[..., Visitor]) -> None:
    visitor = visit().begin()
    app.files.tenant("acme").write(lambda db: channels.set_state(db, 2, "paused", None))
    assert visitor.ask("GET", "/messages").status_code == 404
    app.channels.disconnect("acme", 2)
    assert visitor.ask("POST", "/visitors").status_code == 404
