"""A message to a tenant that uses a language model: who wrote the draft is kept and counted."""

import json
import re

import httpx
import pytest

from socialai.actions import articles, engines
from socialai.domain.engine import NoEngine, RemoteEngine
from socialai.domain.reply import Tier
from socialai.security.permissions import operator
from socialai.store import turns
from tests.conftest import Wire
from tests.jobs.desk import Desk

OWNER = operator("acme")
QUESTION = "What does shipping to Norway cost and how long does shipping to Norway take?"
TEXT = "Shipping to Norway costs 12 EUR. Shipping to Norway takes four working days."


class Model:
    """Joins the two sentences it finds in its evidence, or fails."""

    def __init__(self, wire: Wire) -> None:
        self.page, self.status = wire.answer, 200
        self.usage: dict[str, int] | None = None
        self.asked: list[str] = []
        wire.answer = self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "models.example.com":
            return self.page(request)
        self.asked.append(json.loads(request.content)["messages"][1]["content"])
        said = [
            {"text": "Shipping to Norway is 12 EUR.", "source": self._line("costs 12 EUR")},
            {"text": "It takes four working days.", "source": self._line("takes four working")},
        ]
        content = json.dumps({"answerable": True, "sentences": said})
        choice = {"message": {"content": content}, "finish_reason": "stop"}
        return httpx.Response(self.status, json={"choices": [choice], "usage": self.usage})

    def _line(self, words: str) -> int:
        found = re.search(rf"(\d+)\. .*{words}", self.asked[-1])
        return int(found[1]) if found else 0


@pytest.fixture
def model(desk: Desk, wire: Wire) -> Model:
    articles.add(desk.app, OWNER, "Norway", "text", TEXT, "test")
    desk.wait(1)
    made = Model(wire)
    engines.choose(desk.app, OWNER, RemoteEngine("https://models.example.com/v1", "small"))
    return made


def tier(desk: Desk) -> Tier | None:
    return desk.db.read(lambda db: turns.find_tier(db, desk.draft().turn_id))


def test_the_model_writes_the_draft_and_it_is_kept_and_counted(desk: Desk, model: Model) -> None:
    desk.says(QUESTION)
    desk.wait(30)
    assert tier(desk) == "model"
    assert "Shipping to Norway is 12 EUR. It takes four working days." in desk.draft().text
    assert len(model.asked) == 1
    assert 'socialai_replies_total{tier="model"} 1.0' in desk.app.metrics.render().decode()


def test_a_model_that_fails_leaves_the_quoted_draft(desk: Desk, model: Model) -> None:
    model.status = 400
    desk.says(QUESTION)
    desk.wait(30)
    assert tier(desk) == "extractive"
    assert "costs 12 EUR" in desk.draft().text


def test_without_a_choice_nothing_is_asked(desk: Desk, model: Model) -> None:
    engines.choose(desk.app, OWNER, NoEngine())
    desk.says(QUESTION)
    desk.wait(30)
    assert tier(desk) in ("extractive", "approved")
    assert model.asked == []
