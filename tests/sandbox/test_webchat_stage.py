"""The demo's own site and bot with the real hub: people write on both, and are seen in the inbox."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialai import app as hub
from socialai.actions import replies as replying
from socialai.cli import demo
from socialai.context import App
from socialai.sandbox.northwind.shop import stories
from socialai.sandbox.stage import Hub
from socialai.sandbox.telegram.stage import Chatted, TelegramStage
from socialai.sandbox.traffic import play, told
from socialai.sandbox.webchat.stage import CHAT, Typed, WebChatStage
from socialai.sandbox.webchat.visitor import Visitor
from socialai.security.permissions import operator
from socialai.settings import Settings
from tests.chaos.hub import until
from tests.serving import running

SECONDS = 30.0
AT_ONCE = 1e9


@pytest.fixture
def stages(tmp_path: Path) -> Iterator[tuple[WebChatStage, TelegramStage]]:
    with ExitStack() as entered:
        yield (
            entered.enter_context(WebChatStage(tmp_path)),
            entered.enter_context(TelegramStage(tmp_path)),
        )


def texts(app: App) -> list[str]:
    find = "select text from message where author = 'contact'"
    return app.files.tenant(demo.TENANT).read(lambda db: [row["text"] for row in db.execute(find)])


def test_visitors_and_the_bots_customers_arrive(
    tmp_path: Path, stages: tuple[WebChatStage, TelegramStage]
) -> None:
    site, bot = stages
    app = hub.build(Settings(data_dir=tmp_path / "data", debounce_seconds=0.05, reconcile_seconds=0.2))
    demo._prepare(app, stages)
    with running(app) as url:
        site.connect(Hub(url, demo.TENANT))
        page = httpx.get(site.site, trust_env=False)
        assert f'data-chat="{demo.TENANT}/{CHAT}"' in page.text
        assert "unsafe-inline" not in page.headers["content-security-policy"]

        typed = stories("webchat", Typed)
        assert play(lambda number: told(typed, number, site.write), AT_ONCE, threading.Event()) == sum(
            len(story.messages) for story in typed
        )
        chatted = stories("telegram", Chatted)
        play(lambda number: told(chatted, number, bot.write), AT_ONCE, threading.Event())
        wanted = {step.text for story in typed for step in story.messages}
        wanted |= {step.text for story in chatted for step in story.messages if step.text and not step.edit}
        edited = {"Can I return the tent after 40 days?": "Can I return the tent after 20 days?"}
        wanted = {edited.get(text, text) for text in wanted if text != "Thanks!"}
        assert until(lambda: wanted <= set(texts(app)), SECONDS)

        visitor = Visitor(url, f"{demo.TENANT}/{CHAT}")
        visitor.say("Just me")
        assert until(lambda: "Just me" in texts(app), SECONDS)
        replying.write(app, operator(demo.TENANT), last_conversation(app), "Welcome!")
        assert until(lambda: sent(app, "Welcome!"), SECONDS)
        assert [line["text"] for line in visitor.sees()] == ["Just me", "Welcome!"]
        visitor.close()


def last_conversation(app: App) -> int:
    def find(db: Any) -> int:
        return int(db.execute("select conversation_id from message where text = 'Just me'").fetchone()[0])

    return app.files.tenant(demo.TENANT).read(find)


def sent(app: App, text: str) -> bool:
    find = "select 1 from message where text = ? and external_id is not null"
    return app.files.tenant(demo.TENANT).read(lambda db: db.execute(find, (text,)).fetchone() is not None)
