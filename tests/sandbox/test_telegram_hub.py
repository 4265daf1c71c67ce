"""A bot's customers and the hub, end to end over real HTTP: asked for first, then delivered."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from socialai import app as hub
from socialai.actions import channels as connected
from socialai.actions import replies as replying
from socialai.context import App
from socialai.sandbox.telegram.bots import TelegramSandbox
from socialai.security import accounts
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import conversations, messages
from socialai.store.db import Database
from tests.chaos.hub import until
from tests.serving import running

ADA, PHOTO = 7001, b"\x89PNG\r\n\x1a\n and more"
SECONDS = 30.0
WHO = operator("acme")


@pytest.fixture
def stand_in() -> Iterator[TelegramSandbox]:
    with TelegramSandbox() as started:
        yield started


@pytest.fixture
def app(tmp_path: Path, stand_in: TelegramSandbox) -> App:
    settings = Settings(
        data_dir=tmp_path / "data",
        debounce_seconds=0.05,
        reconcile_seconds=0.2,
        fetch_private=(stand_in.base_url.removeprefix("http://"),),
    )
    return hub.build(settings)


def talk(db: Any) -> int | None:
    return conversations.find_by_identity(db, 1, str(ADA))


def texts(db: Any) -> list[str]:
    """In the order in which they became known: Telegram's times have no parts of seconds."""
    found = messages.messages(db, number) if (number := talk(db)) else []
    return [message.text for message in sorted(found, key=lambda one: one.id) if message.external_id]


def answer(app: App, database: Database, text: str) -> None:
    conversation_id = database.read(talk)
    assert conversation_id
    replying.write(app, WHO, conversation_id, text)
    assert until(lambda: database.read(texts)[-1] == text, SECONDS)


def test_a_customer_is_answered_by_polling_and_then_by_webhook(app: App, stand_in: TelegramSandbox) -> None:
    accounts.set_up(app.gate, "acme", "Acme", "olga@acme.example", "Olga Berg", "green tomato soup")
    database = app.files.create("acme")
    with running(app) as url:
        values = {"bot_token": stand_in.bot.token, "api_url": stand_in.base_url}
        channel = connected.connect(app, WHO, "telegram", "Our bot", values)
        stand_in.say(ADA, "hello", name="Ada Byron")
        stand_in.say(ADA, "Is it this one?", content={"photo": {"width": 9, "height": 9}}, file=PHOTO)
        assert until(lambda: len(database.read(texts)) == 2, SECONDS)
        answer(app, database, "Yes, that one.")
        assert stand_in.sent(ADA)[0].reply_to

        app.channels.adapter("acme", channel.id).subscribe(f"{url}/webhooks/telegram/acme")
        stand_in.say(ADA, "Thank you!")
        assert until(lambda: len(database.read(texts)) == 4, SECONDS)
        answer(app, database, "You are welcome.")
        assert until(lambda: database.read(files) == [PHOTO], SECONDS)
        said = database.read(texts)
    assert said == ["hello", "Is it this one?", "Yes, that one.", "Thank you!", "You are welcome."]
    assert [message.text for message in stand_in.sent(ADA)] == ["Yes, that one.", "You are welcome."]


def files(db: Any) -> list[bytes]:
    return [bytes(row[0] or b"") for row in db.execute("select content from blob")]
