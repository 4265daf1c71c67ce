"""One person on several platforms: suggested, looked at, joined, parted again with everything in its
place."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.context import App
from socialai.domain.happening import Received, Thread
from socialai.domain.lead import Score
from socialai.store import contacts, conversations, leads, merges, messages
from tests import cast
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
TABLES = ("identity", "conversation", "lead", "detail", "contact")


def meet(app: App, page: str, contact: str, name: str, email: str, **profile: str) -> int:
    """Somebody writes on another page of acme's, in private and under a post."""
    values = {"page_id": page, **cast.SECRETS}
    channel = app.channels.connect("acme", "facebook", f"Page {page}", values, app.clock())

    def run(db: Any) -> int:
        contact_id = contacts.ensure(db, channel.id, contact, app.clock())
        contacts.set_profile(db, contact_id, name, profile)
        contacts.learn(db, contact_id, email=email, phone=None)
        for thread in (None, Thread("88")):
            talk = conversations.ensure(db, channel.id, contact_id, app.clock(), thread)
            said = Received(
                channel=page,
                contact=contact,
                at=app.clock(),
                external_id=f"{talk}",
                kind="text",
                text="hello",
            )
            messages.add_inbound(db, talk, said, None, "t", app.clock())
        leads.put(db, contact_id, talk, "sales", Score(90, "hot", ("wants it",)), "facebook", app.clock())
        return contact_id

    return app.files.tenant("acme").write(run)


@pytest.fixture
def two(app: App) -> tuple[int, int]:
    return (
        meet(app, "5001", "a1", "Grace Hopper", "grace@navy.example", username="amazing"),
        meet(app, "5002", "b1", "G. Hopper", "Grace@navy.example"),
    )


def rows(app: App) -> dict[str, list[Any]]:
    found = cast.rows(app.files.path("acme"))
    return {table: sorted(found[table], key=repr) for table in TABLES}


def test_who_may_be_one_person_is_suggested_with_the_reason(
    client: Client, browser: Browser, two: tuple[int, int]
) -> None:
    text = client.get("/contacts", headers=browser("anna")).text
    assert "Perhaps one person" in text
    assert "They have the same e-mail address." in text


def test_they_are_looked_at_joined_and_parted_with_everything_in_its_place(
    app: App, client: Client, browser: Browser, two: tuple[int, int]
) -> None:
    one, other = two
    before = rows(app)
    page = client.get(f"/contacts/{one}/merge?other={other}", headers=browser("anna")).text
    assert "4 conversations with 4 messages" in page
    done = client.post(
        f"/contacts/{one}/merge", headers=browser("anna"), data={"other": str(other)}, follow_redirects=False
    )
    assert done.headers["location"] == f"/contacts/{one}"
    shown = client.get(f"/contacts/{one}", headers=browser("anna")).text
    assert "Page 5001" in shown
    assert "Page 5002" in shown
    assert client.get(f"/contacts/{other}", headers=browser("anna")).status_code == 404
    [merge] = app.files.tenant("acme").read(lambda db: merges.of_contact(db, one))
    client.post(f"/contacts/merges/{merge.id}/undo", headers=browser("anna"))
    assert rows(app) == before
    assert "Perhaps one person" not in client.get("/contacts", headers=browser("anna")).text
    again = client.post(f"/contacts/merges/{merge.id}/undo", headers=browser("anna"))
    assert again.status_code == 409


def test_what_is_written_after_joining_goes_to_the_one(app: App, two: tuple[int, int]) -> None:
    one, other = two

    def run(db: Any) -> int:
        merges.join(db, one, other, 1, app.clock())
        channel = db.execute("select channel_id from identity where external_id = 'b1'").fetchone()[0]
        return contacts.ensure(db, channel, "b1", app.clock())

    assert app.files.tenant("acme").write(run) == one


def test_two_accounts_on_one_channel_stay_two(
    app: App, client: Client, browser: Browser, two: tuple[int, int]
) -> None:
    def second(db: Any) -> int:
        channel = db.execute("select channel_id from identity where external_id = 'a1'").fetchone()[0]
        return contacts.ensure(db, channel, "a2", app.clock())

    stranger = app.files.tenant("acme").write(second)
    answer = client.post(f"/contacts/{two[0]}/merge", headers=browser("anna"), data={"other": str(stranger)})
    assert answer.status_code == 400
    assert "They stay two contacts." in answer.text


def test_told_apart_they_are_not_suggested_again(
    client: Client, browser: Browser, two: tuple[int, int]
) -> None:
    client.post(f"/contacts/{two[1]}/apart", headers=browser("anna"), data={"other": str(two[0])})
    assert "Perhaps one person" not in client.get("/contacts", headers=browser("anna")).text


def test_contacts_are_searched(client: Client, browser: Browser, two: tuple[int, int]) -> None:
    for words in ("hopper", "navy.example", "amazing"):
        assert "Grace Hopper" in client.get("/contacts", params={"q": words}, headers=browser("vera")).text
    assert "Nobody found" in client.get("/contacts", params={"q": "%_x"}, headers=browser("vera")).text


def test_who_only_watches_joins_nobody(client: Client, browser: Browser, two: tuple[int, int]) -> None:
    answer = client.post(f"/contacts/{two[0]}/merge", headers=browser("vera"), data={"other": str(two[1])})
    assert answer.status_code == 403
    assert "Look closer" not in client.get("/contacts", headers=browser("vera")).text


def test_erased_nothing_of_a_person_is_left(app: App, client: Client, browser: Browser) -> None:
    database = app.files.tenant("acme")
    contact_id = database.read(lambda db: conversations.get(db, 1).contact_id)
    path = f"/contacts/{contact_id}/erase"
    assert "Ada" in said_anywhere(app)
    assert client.post(path, headers=browser("anna")).status_code == 403
    assert client.post(path, headers=browser("adam")).status_code == 200
    left = said_anywhere(app)
    assert [
        word for word in ("Ada Lovelace", "Do you ship to Norway", "7001", "gift cards") if word in left
    ] == []
    assert client.post(path, headers=browser("adam")).status_code == 404


def said_anywhere(app: App) -> str:
    path = app.settings.data_dir / "tenants" / "acme" / "tenant.db"
    tables = {
        name: rows
        for name, rows in cast.rows(path).items()
        if not name.startswith(("article", "chunk", "setting", "policy"))
    }
    return str(tables)
