"""A tenant's own intent decides who answers."""

from socialai.actions import intent_training, intents
from socialai.domain.custom_intent import Handling
from socialai.domain.reply import TurnRecord
from socialai.jobs.sweep import recover
from socialai.store import channels, heads, turns
from tests.inference.test_intents import EXAMPLES
from tests.jobs.desk import Desk

SHIPPING = [
    "Do you ship to Norway?",
    "What does shipping to Norway cost?",
    "shipping costs for Oslo",
    "Can you send it to Bergen and what is the price?",
    "How much is delivery to Norway?",
]


def taught(desk: Desk, handling: Handling) -> None:
    intents.add(desk.app, desk.olga, "Norway", handling, SHIPPING)
    intents.add(desk.app, desk.olga, "Hiring", "usual", EXAMPLES[1])
    desk.ring()


def turn(desk: Desk) -> TurnRecord:
    conversation_id = desk.conversation().id
    return desk.db.read(lambda db: turns.turns(db, conversation_id))[-1]


def test_it_is_shown_beside_the_five(desk: Desk) -> None:
    taught(desk, "usual")
    desk.says("Do you ship to Norway and what does it cost?")
    desk.wait(10)
    own = turn(desk).triage.custom_intent
    assert own is not None
    assert (own.name, own.handling) == ("Norway", "usual")
    assert 0 < own.confidence <= 1
    assert turn(desk).outcome == "draft"


def test_one_that_a_person_answers_escalates_with_the_reason(desk: Desk) -> None:
    taught(desk, "escalate")
    desk.auto()
    desk.says("Do you ship to Norway and what does it cost?")
    desk.wait(10)
    assert turn(desk).outcome == "escalated"
    assert 'it is about "Norway", which a person answers' in turn(desk).reasons
    assert desk.page.sent == []


def test_one_that_may_answer_by_itself_does_whatever_the_five_say(desk: Desk) -> None:
    taught(desk, "auto")
    desk.db.write(lambda db: channels.set_mode(db, desk.ids.channel_id, "auto", ()))
    desk.says("Do you ship to Norway and what does it cost?")
    desk.wait(10)
    assert turn(desk).outcome == "auto"


def test_what_fits_none_is_as_before(desk: Desk) -> None:
    taught(desk, "escalate")
    desk.says("The zip of my jacket is broken")
    desk.wait(10)
    assert turn(desk).triage.custom_intent is None


def test_with_another_encoder_all_is_learnt_again_at_the_start(desk: Desk) -> None:
    taught(desk, "usual")
    desk.db.write(lambda db: db.execute("update head set encoder = 'the one before'"))
    recover(desk.app)
    desk.ring()
    head = desk.db.read(lambda db: heads.find_used(db, "intents"))
    assert head is not None
    assert head.encoder == intent_training.made_for(desk.app)
    assert intents.try_out(desk.app, desk.olga, [SHIPPING[0]])[0].intent is not None
