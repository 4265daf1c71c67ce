"""What is remembered of a contact: their own words, never another's, and nothing once it is forgotten."""

import json
from typing import Any

import httpx
import pytest

from socialai.actions import articles, engines, memory
from socialai.actions import replies as writing
from socialai.agents import recap as recounting
from socialai.domain.engine import RemoteEngine
from socialai.domain.memory import Detail, Recap
from socialai.domain.policy import Policy
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.security.permissions import operator
from socialai.store import contacts, conversations, details, recaps
from tests.conftest import Wire
from tests.jobs.desk import EASY, Desk

OWNER = operator("acme")
TEXT = "Shipping to Norway costs 12 EUR. Shipping to Norway takes four working days."


def contact_id(desk: Desk, contact: str = "8001") -> int:
    return desk.conversation(contact).contact_id


def known(desk: Desk, contact: str = "8001") -> list[Detail]:
    return desk.db.read(lambda db: details.details(db, contact_id(desk, contact)))


def recap(desk: Desk, contact: str = "8001") -> Recap | None:
    return desk.db.read(lambda db: recaps.find(db, desk.conversation(contact).id))


def talk(desk: Desk, *said: str, contact: str = "8001") -> None:
    """A person lets every draft go out."""
    for text in said:
        desk.says(text, contact)
        desk.wait(30)
        for reply in desk.replies(contact):
            if reply.state == "draft":
                writing.approve(desk.app, desk.olga, reply.id)
        desk.wait(30)


@pytest.fixture
def short(desk: Desk) -> Desk:
    """A hub that reads four messages; what is older is told in short."""
    desk.set(Policy(rules=EASY, memory_messages=4))
    return desk


def test_what_a_contact_tells_is_kept_with_the_message_it_is_from(desk: Desk) -> None:
    talk(desk, "Hi, my name is Grace Hopper. My order is #55123. I'd prefer a delivery on Saturday.")
    (message,) = [one for one in desk.messages() if one.author == "contact"]
    assert {(one.kind, one.value) for one in known(desk)} == {
        ("name", "Grace Hopper"),
        ("order_number", "55123"),
        ("preference", "I'd prefer a delivery on Saturday."),
    }
    assert {one.message_id for one in known(desk)} == {message.id}
    desk.clock.wait(days=8)
    talk(desk, "Do you ship to Norway?")
    assert "Hi Grace" in desk.replies()[-1].text


def test_nothing_of_one_contact_is_known_of_another(desk: Desk) -> None:
    talk(desk, "Hi, my name is Grace Hopper, order #55123.", contact="8001")
    talk(desk, "Hi, my name is Alan Turing.", contact="8002")
    assert {one.value for one in known(desk, "8001")} == {"Grace Hopper", "55123"}
    assert {one.value for one in known(desk, "8002")} == {"Alan Turing"}


def test_a_name_a_person_wrote_down_stays(desk: Desk) -> None:
    talk(desk, "Hi, my name is Grace Hopper.")
    (name,) = known(desk)
    memory.change(desk.app, desk.anna, name.id, "Rear Admiral Hopper")
    talk(desk, "Hi, I'm Bob.")
    assert [one.value for one in known(desk)] == ["Rear Admiral Hopper"]


def test_what_is_taken_back_or_changed_is_not_remembered(desk: Desk) -> None:
    mid = desk.says("My order is #55123.")
    desk.wait(30)
    desk.edits(mid, "My order is #55999.")
    desk.wait(30)
    assert [one.value for one in known(desk)] == ["55999"]
    desk.deletes(mid)
    desk.wait(30)
    assert known(desk) == []


def test_of_too_many_the_oldest_go_and_a_persons_stay(desk: Desk) -> None:
    talk(desk, "hello")
    memory.add(desk.app, desk.anna, contact_id(desk), "preference", "Pays on invoice")
    talk(desk, *(f"And my order #{number}?" for number in range(7000, 7025)))
    values = [one.value for one in known(desk)]
    assert len(values) == 20
    assert {"Pays on invoice", "7024"} <= set(values)
    with pytest.raises(Conflict):
        memory.add(desk.app, desk.anna, contact_id(desk), "preference", "One more")


@pytest.mark.parametrize("value", ["", "   ", "x" * 201])
def test_what_cannot_be_remembered_is_refused(desk: Desk, value: str) -> None:
    talk(desk, "hello")
    with pytest.raises(InvalidInput):
        memory.add(desk.app, desk.anna, contact_id(desk), "preference", value)
    with pytest.raises(NotFound):
        memory.add(desk.app, desk.anna, 10**6, "preference", "Pays on invoice")


def test_forgotten_by_a_person_nothing_comes_back(short: Desk) -> None:
    talk(short, *(f"My order is #{number}. I'd prefer navy." for number in range(7000, 7008)))
    assert recap(short) is not None
    memory.forget_all(short.app, short.anna, contact_id(short))
    talk(short, "Do you ship to Norway?", "And to Sweden?", "thanks", "Do you ship to Norway and Sweden?")
    assert known(short) == []
    assert "#700" not in str(recap(short))
    assert any("had the contact forgotten" in text for text in short.activities())


def test_who_asks_to_be_forgotten_is_and_a_person_hears_of_it(desk: Desk) -> None:
    talk(desk, "My order is #55123, mail ada@berg.example")
    talk(desk, "Please delete all my data.")
    assert known(desk) == []
    assert desk.db.read(lambda db: contacts.get(db, contact_id(desk))).email is None
    assert "asks to be forgotten" in str(desk.conversation().escalation_reason)


def test_beyond_the_messages_that_are_read_the_rest_is_told_in_short(short: Desk) -> None:
    talk(short, "My order #55123 has not arrived", "Do you ship to Norway?", "thanks", "I need it by 12 May")
    talk(short, "What does shipping to Norway cost?", "And to Sweden?", "Do you ship to Norway today?")
    found = recap(short)
    assert found is not None
    told = "\n".join(recounting.told(found))
    assert "Customer: My order #55123 has not arrived" in told
    assert "thanks" not in told
    newest = short.messages()[-4:]
    assert not {line.message_id for line in found.lines} & {message.id for message in newest}


def test_each_message_is_looked_at_once_and_a_lost_bell_is_rung_again(short: Desk) -> None:
    talk(short, *(f"Where is my order #{number}?" for number in range(7000, 7006)))
    first = recap(short)
    assert first is not None
    short.says("And what does shipping to Norway cost?")
    short.wait(30)
    short.db.write(lambda db: recaps.make_due(db, short.conversation().id))
    short.bells.lose()
    short.sweep()
    short.ring()
    second = recap(short)
    assert second is not None
    assert second.until_id > first.until_id
    asked = [line for line in first.lines if line.author == "contact"]
    assert [line for line in second.lines if line.author == "contact"][: len(asked)] == asked


def test_what_was_taken_back_is_not_told_any_more(short: Desk) -> None:
    mid = short.says("My order is #55123 for Grace")
    short.wait(30)
    talk(short, "Do you ship to Norway?", "And to Sweden?", "What does it cost?", "How long does it take?")
    assert "55123" in str(recap(short))
    short.deletes(mid)
    short.wait(30)
    assert "55123" not in str(recap(short))


class Model:
    """Notes what it is told to; answers nothing else."""

    def __init__(self, wire: Wire) -> None:
        self.page, self.text = wire.answer, "The customer asked for order [ORDER_1]."
        self.asked: list[str] = []
        wire.answer = self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "models.example.com":
            return self.page(request)
        told = json.loads(request.content)["messages"]
        if "keep notes" not in told[0]["content"]:
            return httpx.Response(400)
        self.asked.append(json.dumps(told))
        content = json.dumps({"text": self.text})
        return httpx.Response(
            200, json={"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}
        )


@pytest.fixture
def model(short: Desk, wire: Wire) -> Any:
    made = Model(wire)
    engines.choose(short.app, OWNER, RemoteEngine("https://models.example.com/v1", "small"))
    return made


def test_a_language_model_tells_it_in_its_own_words(short: Desk, model: Model) -> None:
    talk(short, *(f"Where is my order #{number}?" for number in range(7000, 7009)))
    found = recap(short)
    assert found is not None
    assert found.text == "The customer asked for order #7000."
    assert recounting.told(found)[0] == found.text
    assert not any("#70" in asked for asked in model.asked)  # masked before it left


@pytest.mark.parametrize("said", ["They were promised 500 EUR.", "", "See www.evil.example."])
def test_a_model_that_notes_what_was_not_said_is_not_believed(short: Desk, model: Model, said: str) -> None:
    model.text = said
    talk(short, *(f"Where is my order #{number}?" for number in range(7000, 7009)))
    found = recap(short)
    assert found is not None
    assert model.asked
    assert found.text == ""
    assert "Where is my order #7000?" in str(recounting.told(found))


def test_the_model_that_answers_reads_what_is_remembered(short: Desk, wire: Wire) -> None:
    articles.add(short.app, OWNER, "Norway", "text", TEXT, "test")
    short.wait(1)
    page, asked = wire.answer, []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host != "models.example.com":
            return page(request)
        asked.append(json.loads(request.content)["messages"][1]["content"])
        return httpx.Response(400)

    wire.answer = answer
    talk(short, "I'd prefer a delivery on Saturday.", "Do you ship to Norway?", "And to Sweden?", "hello")
    engines.choose(short.app, OWNER, RemoteEngine("https://models.example.com/v1", "small"))
    question = "What does shipping to Norway cost and how long does shipping to Norway take?"
    talk(short, question, contact="8001")
    talk(short, question, contact="8002")
    first, second = (text for text in asked if "numbered" not in text and "<evidence>" in text)
    assert "preference: I'd prefer a delivery on Saturday." in first
    assert "Earlier: Customer: I'd prefer a delivery on Saturday." in first
    assert "Saturday" not in second


def test_a_person_who_writes_is_told_of_too(short: Desk) -> None:
    talk(short, "Where is my order #7000?")
    writing.write(short.app, short.olga, short.conversation().id, "Your order #7000 leaves on 3 May.")
    short.wait(30)
    conversation_id = short.conversation().id
    short.db.write(lambda db: conversations.give_back(db, conversation_id))
    talk(short, "Do you ship to Norway?", "And to Sweden?", "What does it cost?", "How long does it take?")
    assert "We: Your order #7000 leaves on 3 May." in str(recounting.told(recap(short)))  # type: ignore[arg-type]
