"""Comments in the inbox: shown under their post, answered in public or in private, hidden; files of
messages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from socialai.context import App
from socialai.domain.happening import Attachment, Received, Thread
from socialai.store import blobs, contacts, conversations, message_changes, messages, outbox
from tests import cast
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
POST = Thread("1001_88", "Our new boots are in!", "https://www.facebook.com/1001_88")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def talk(app: App) -> int:
    """A comment under a post of acme's, with a picture."""

    def run(db: Any) -> int:
        contact_id = contacts.ensure(db, 1, "8001", app.clock())
        talk_id = conversations.ensure(db, 1, contact_id, app.clock(), POST)
        said = Received(
            channel="1001",
            contact="8001",
            at=app.clock(),
            external_id="88_1",
            kind="text",
            text="Do you have them in blue?",
            attachments=(Attachment("image", "https://cdn.example/1.png"), Attachment("file", None, "Plan")),
        )
        message = messages.add_inbound(db, talk_id, said, None, "t", app.clock())
        assert message
        blobs.expect(db, message, app.clock())
        conversations.received(db, talk_id, said.text, app.clock(), window=timedelta(hours=24))
        return talk_id

    return app.files.tenant("acme").write(run)


@pytest.fixture
def shown(client: Client, browser: Browser, talk: int) -> Callable[[], str]:
    return lambda: client.get(f"/inbox/{talk}", headers=browser("anna")).text


def message_of(app: App, talk: int) -> int:
    return app.files.tenant("acme").read(lambda db: messages.messages(db, talk))[0].id


def waiting(app: App) -> list[Any]:
    return app.files.tenant("acme").read(lambda db: outbox.items(db, "queued"))


def test_a_comment_is_shown_under_its_post(shown: Callable[[], str]) -> None:
    text = shown()
    assert "Our new boots are in!" in text
    assert "https://www.facebook.com/1001_88" in text
    assert "In public" in text
    assert "In private (once," in text


def test_it_is_answered_in_private_when_that_is_chosen(
    app: App, client: Client, browser: Browser, talk: int, shown: Callable[[], str]
) -> None:
    form = {"text": "We write to you.", "how": "private"}
    client.post(f"/inbox/{talk}/write", headers=browser("anna"), data=form)
    [item] = waiting(app)
    assert app.files.tenant("acme").read(lambda db: messages.get(db, item.place.message_id)).private
    assert "done once already" in shown()


def test_it_is_hidden_and_says_so(
    app: App, client: Client, browser: Browser, talk: int, shown: Callable[[], str]
) -> None:
    message_id = message_of(app, talk)
    assert "Hide from others" in shown()
    path = f"/inbox/{talk}/messages/{message_id}"
    client.post(f"{path}/hide", headers=browser("anna"))
    assert [item.kind for item in waiting(app)] == ["moderate"]
    app.files.tenant("acme").write(lambda db: message_changes.hide(db, message_id, app.clock()))
    assert "Hidden from others" in shown()
    assert "Show again" in shown()
    for deed in ("explode", "edit"):
        assert client.post(f"{path}/{deed}", headers=browser("anna")).status_code in (400, 404)
    assert client.post(f"/inbox/1/messages/{message_id}/hide", headers=browser("anna")).status_code == 404


def test_a_program_hides_it_too(
    app: App, client: Client, bearer: Callable[[str], Headers], talk: int
) -> None:
    path = f"/api/v1/messages/{message_of(app, talk)}/moderate"
    answer = client.post(path, headers=bearer("anna"), json={"deed": "hide"})
    assert (answer.status_code, answer.json()) == (202, {"item_id": waiting(app)[0].id})
    assert client.post(path, headers=bearer("vera"), json={"deed": "hide"}).status_code == 403


def test_a_picture_that_was_fetched_is_shown_from_here_and_nothing_else_runs(
    app: App, client: Client, browser: Browser, talk: int, shown: Callable[[], str]
) -> None:
    assert "(being fetched)" in shown()
    [blob] = app.files.tenant("acme").read(lambda db: blobs.of_messages(db, [message_of(app, talk)]))
    keep(app, blob.id, "image/png", PNG)
    assert f'<img src="/inbox/{talk}/files/{blob.id}"' in shown()
    picture = client.get(f"/inbox/{talk}/files/{blob.id}", headers=browser("anna"))
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    keep(app, blob.id, "text/html", b"<script>alert(1)</script>")
    page = client.get(f"/inbox/{talk}/files/{blob.id}", headers=browser("anna"))
    assert page.headers["content-type"] == "application/octet-stream"
    assert page.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in page.headers["content-security-policy"]
    assert client.get(f"/inbox/1/files/{blob.id}", headers=browser("anna")).status_code == 404


def keep(app: App, blob_id: int, media_type: str, content: bytes) -> None:
    app.files.tenant("acme").write(lambda db: blobs.keep(db, blob_id, media_type, content))


def test_what_closes_soonest_comes_first(
    app: App, client: Client, browser: Browser, clock: cast.Clock, talk: int
) -> None:
    def close_sooner(db: Any) -> None:
        other = conversations.ensure(db, 1, contacts.ensure(db, 1, "8002", clock()), clock())
        conversations.received(db, other, "hello", clock(), window=timedelta(hours=1))

    app.files.tenant("acme").write(close_sooner)
    text = client.get("/inbox?view=closing", headers=browser("anna")).text
    first, second = text.index(f'id="talk-{talk + 1}"'), text.index(f'id="talk-{talk}"')
    assert first < second
    clock.wait(hours=2)
    assert f'id="talk-{talk + 1}"' not in client.get("/inbox?view=closing", headers=browser("anna")).text


def test_what_may_not_be_answered_says_why(app: App, client: Client, browser: Browser, talk: int) -> None:
    def close(db: Any) -> None:
        db.execute(
            "update message set closed = 'Only who mentions you may be answered.' where external_id = '88_1'"
        )

    app.files.tenant("acme").write(close)
    text = client.get(f"/inbox/{talk}", headers=browser("anna")).text
    assert "Only who mentions you may be answered." in text
    assert "composer-form" not in text.partition('class="blocked"')[2][:200]
