"""What each message costs, by what answered it; and the same question is not written twice."""

from typing import Any

import httpx
import pytest

from socialai.actions import articles, engines, spending
from socialai.domain.engine import LocalEngine, RemoteEngine
from socialai.domain.spending import Prices, TierCost, Writing
from socialai.security.permissions import operator
from socialai.store import turns, writings
from tests import gguf
from tests.cast import START
from tests.conftest import Wire
from tests.jobs.desk import Desk
from tests.jobs.test_writing import QUESTION, TEXT, Model

OWNER = operator("acme")


@pytest.fixture
def model(desk: Desk, wire: Wire) -> Model:
    articles.add(desk.app, OWNER, "Norway", "text", TEXT, "test")
    desk.wait(1)
    made = Model(wire)
    made.usage = {"prompt_tokens": 800, "completion_tokens": 40}
    engines.choose(desk.app, OWNER, RemoteEngine("https://models.example.com/v1", "small"))
    spending.set_prices(desk.app, OWNER, Prices(tokens_in=1.0, tokens_out=5.0))
    return made


def of_turn(desk: Desk, contact: str = "8001") -> list[Writing]:
    turn = desk.db.read(lambda db: turns.find_latest(db, desk.conversation(contact).id))
    assert turn is not None
    return desk.db.read(lambda db: writings.of_turn(db, turn.id))


def tiers(desk: Desk) -> dict[str | None, TierCost]:
    return {one.tier: one for one in desk.db.read(lambda db: writings.by_tier(db, START))}


def test_tokens_time_and_money_are_kept_with_the_message(desk: Desk, model: Model) -> None:
    desk.says(QUESTION)
    desk.wait(30)
    (one,) = of_turn(desk)
    assert (one.purpose, one.engine, one.place) == ("answer", "small", "outside")
    assert (one.tokens_in, one.tokens_out) == (800, 40)
    assert one.dollars == pytest.approx(800e-6 + 200e-6)
    cost = tiers(desk)["model"]
    assert (cost.messages, cost.tokens_in, cost.tokens_out) == (1, 800, 40)
    assert cost.dollars_each == pytest.approx(0.001)
    assert cost.ms > 0


def test_an_endpoint_that_does_not_count_is_counted_for(desk: Desk, model: Model) -> None:
    model.usage = None
    desk.says(QUESTION)
    desk.wait(30)
    (one,) = of_turn(desk)
    assert len(model.asked[0]) / 4 < one.tokens_in < len(model.asked[0])
    assert one.tokens_out > 10


def test_the_same_question_is_written_once_as_long_as_the_knowledge_is_the_same(
    desk: Desk, model: Model
) -> None:
    for contact in ("8001", "8002", "8003"):
        desk.says(QUESTION, contact)
        desk.wait(30)
    assert len(model.asked) == 1
    assert desk.draft("8002").text == desk.draft("8001").text
    assert [one.place for one in of_turn(desk, "8003")] == ["kept"]
    assert desk.db.read(lambda db: writings.use(db, START)).kept == 2

    articles.add(desk.app, OWNER, "Sweden", "text", "Shipping to Sweden costs 9 EUR.", "test")
    desk.wait(1)
    desk.says(QUESTION, "8004")
    desk.wait(30)
    assert len(model.asked) == 2


def test_what_was_written_for_one_contacts_memory_is_nobody_elses(desk: Desk, model: Model) -> None:
    for contact in ("8001", "8002"):
        desk.says("Hi, my name is Grace.", contact)
        desk.wait(30)
        desk.says(QUESTION, contact)
        desk.wait(30)
    assert len(model.asked) == 2


def test_what_is_sentences_of_the_knowledge_costs_nothing(desk: Desk, model: Model) -> None:
    desk.says("Do you ship to Norway?")
    desk.wait(30)
    assert of_turn(desk) == []
    assert {one.dollars for one in tiers(desk).values()} == {0.0}


def test_a_model_on_this_machine_costs_the_energy_of_its_time(desk: Desk, tmp_path: Any) -> None:
    articles.add(desk.app, OWNER, "Norway", "text", TEXT, "test")
    desk.wait(1)
    file = gguf.make(tmp_path / "tiny.gguf", context=8192)
    engines.choose(desk.app, OWNER, LocalEngine(str(file), 8192))
    spending.set_prices(desk.app, OWNER, Prices(tokens_in=9.0, watts=100, kilowatt_hour=0.4))
    tried = engines.try_out(desk.app, OWNER)
    assert tried.ok
    use = desk.db.read(lambda db: db.execute("select * from writing").fetchall())
    assert [(row["place"], row["purpose"], row["tokens_out"]) for row in use] == [
        ("here", "test", tried.tokens_out)
    ]
    assert use[0]["dollars"] == pytest.approx(100 * use[0]["ms"] / 1000 / 3_600_000 * 0.4, rel=0.05)


def test_a_turn_that_is_put_aside_has_still_cost_what_it_cost(desk: Desk, model: Model, wire: Wire) -> None:
    answer = wire.answer

    def more(request: httpx.Request) -> httpx.Response:
        if request.url.host == "models.example.com" and len(model.asked) == 0:
            desk.says("And to Sweden?")
            desk.keep_all()
        return answer(request)

    wire.answer = more
    desk.says(QUESTION)
    desk.wait(60)
    spent = desk.db.read(lambda db: db.execute("select turn_id from writing order by id").fetchall())
    assert spent[0]["turn_id"] is None
    assert [row["turn_id"] is None for row in spent].count(True) == 1
