"""A person corrects how a message was understood: kept, shown, learnt when it helps, counted."""

import pytest

from socialai.actions import corrections as correcting
from socialai.actions import intents as teaching
from socialai.actions import replies as drafts
from socialai.actions.quality import learning, quality
from socialai.domain.correction import Correction
from socialai.domain.triage import Intent
from socialai.errors import InvalidInput, NotFound
from socialai.store import heads, turns
from tests.jobs.desk import Desk

TRIALS = [
    "Could I try the tent in your shop?",
    "can I come and try the boots",
    "Is it possible to test the bike before?",
    "I'd like to try on the jacket at your place",
    "may I come by and test the stove",
    "could we try the kayak first",
    "can I test the boots in the shop",
    "Is there a way to try the backpack before?",
    "I would like to come and test a tent",
    "could I come by and try the bike",
    "may we test the kayak in your shop first?",
]


def corrected(desk: Desk, text: str, contact: str, intent: Intent) -> Correction:
    desk.says(text, contact)
    desk.wait(10)
    message = desk.messages(contact)[0]
    return correcting.correct(desk.app, desk.olga, message.id, intent=intent)


def test_it_is_kept_with_what_was_said_and_the_list_shows_it(desk: Desk) -> None:
    kept = corrected(desk, "Do you ship to Norway and what does it cost?", "8001", "sales")
    assert (kept.said.intent, kept.meant.intent) != ("sales", "inquiry")
    assert kept.meant.mood == kept.said.mood
    assert desk.conversation().intent == "sales"
    assert "corrected: intent" in desk.activities()[-1] or "confirmed" in desk.activities()[-1]
    assert correcting.find(desk.app, desk.olga, kept.message_id) == kept


def test_the_last_word_counts_and_nothing_given_confirms(desk: Desk) -> None:
    kept = corrected(desk, "Do you ship to Norway and what does it cost?", "8001", "spam")
    again = correcting.correct(desk.app, desk.olga, kept.message_id)
    assert again.meant.intent == again.said.intent
    assert desk.activities()[-1] == "olga confirmed how it was understood"


def test_taken_back_the_list_shows_what_was_understood(desk: Desk) -> None:
    kept = corrected(desk, "Do you ship to Norway and what does it cost?", "8001", "spam")
    assert desk.conversation().intent == "spam"
    correcting.take_back(desk.app, desk.olga, kept.message_id)
    assert desk.conversation().intent == kept.said.intent
    assert desk.activities()[-1] == "olga took the correction back"
    with pytest.raises(NotFound):
        correcting.take_back(desk.app, desk.olga, kept.message_id)


def test_only_what_a_contact_wrote_and_we_understood_can_be_corrected(desk: Desk) -> None:
    desk.says("hello")
    desk.keep_all()
    with pytest.raises(InvalidInput):
        correcting.correct(desk.app, desk.olga, desk.messages()[0].id, intent="sales")


def test_of_ten_corrections_the_next_like_them_is_understood(desk: Desk) -> None:
    for number, text in enumerate(TRIALS[:10]):
        corrected(desk, text, f"81{number:02}", "support")
    desk.ring()
    report = quality(desk.app, desk.olga).learnt
    assert report is not None
    assert report.accepted, report.reason
    intent = report.checked[0]
    assert (intent.part, intent.messages) == ("intent", 10)
    assert intent.after >= intent.before
    desk.says(TRIALS[10], "8200")
    desk.wait(10)
    conversation_id = desk.conversation("8200").id
    turn = desk.db.read(lambda db: turns.turns(db, conversation_id))[-1]
    assert turn.triage.raw_intent == "support"


def test_a_head_that_was_refused_is_not_used_and_the_one_before_goes_on(desk: Desk) -> None:
    kept = [
        desk.db.write(lambda db, good=good: heads.add(db, "corrections", encoder="e", basis=1, accepted=good,
                                                      report="{}", arrays=b"", now=desk.clock()))
        for good in (True, False, False, False, False)
    ]  # fmt: skip
    assert desk.db.read(lambda db: heads.used_id(db, "corrections")) == kept[0]
    latest = desk.db.read(lambda db: heads.find_latest(db, "corrections"))
    assert latest is not None
    assert (latest.id, latest.accepted) == (kept[-1], False)


def test_few_corrections_teach_nothing_yet(desk: Desk) -> None:
    corrected(desk, TRIALS[0], "8001", "sales")
    desk.ring()
    assert quality(desk.app, desk.olga).learnt is None
    with pytest.raises(InvalidInput, match="from 10 on"):
        correcting.learn(desk.app, "acme")


def test_the_quality_of_reviewed_messages(desk: Desk) -> None:
    desk.says("Do you ship to Norway and what does it cost?")
    desk.wait(10)
    drafts.approve(desk.app, desk.olga, desk.draft().id)
    desk.clock.wait(days=7)
    kept = corrected(desk, "where is my order 10482", "8002", "spam")
    found = quality(desk.app, desk.olga)
    assert found.reviewed == 2
    assert [(week.reviewed, week.agreed["intent"]) for week in found.weeks] == [(1, 1), (1, 0)]
    assert ("intent", kept.said.intent, "spam", 1) in [
        (cell.part, cell.said, cell.meant, cell.count) for cell in found.confusion
    ]
    assert sum(cell.count for cell in found.confusion if cell.part == "mood") == 2
    assert sum(sum(week.intents.values()) for week in found.mix) >= 2
    assert sum(each.count for each in found.calibration) == 2
    assert found.calibration_error is not None
    assert 0 <= found.calibration_error <= 1


def test_without_reviews_there_is_nothing_to_draw(desk: Desk) -> None:
    found = quality(desk.app, desk.olga)
    assert (found.reviewed, found.weeks, found.calibration, found.calibration_error) == (0, (), (), None)


def test_the_mix_counts_the_tenants_own_intents_by_the_name_they_have_now(desk: Desk) -> None:
    """The cast's turn was understood before it had any."""
    assert [week.own for week in quality(desk.app, desk.olga).mix] == [{}]
    jobs = ["are you hiring?", "any open positions?", "I want to work for you", "jobs?", "got a job for me?"]
    tests = [
        "may I try the boots?",
        "can I test the tent",
        "trying the bike on",
        "try before buying",
        "a test",
    ]
    made = teaching.add(desk.app, desk.olga, "Jobs", "usual", jobs)
    teaching.add(desk.app, desk.olga, "Trials", "usual", tests)
    teaching.train(desk.app, desk.olga)
    desk.says("are you hiring?", "8001")
    desk.wait(10)
    teaching.change(desk.app, desk.olga, made.id, "Work", "usual")
    assert quality(desk.app, desk.olga).mix[-1].own == {"Work": 1}
    teaching.remove(desk.app, desk.olga, made.id)
    assert quality(desk.app, desk.olga).mix[-1].own == {}


def test_how_far_the_learning_is(desk: Desk) -> None:
    assert learning(desk.app, desk.olga).corrections == 0
    for number, text in enumerate(TRIALS[:10]):
        corrected(desk, text, f"80{number:02}", "sales")
    desk.wait(10)
    seen = learning(desk.app, desk.olga)
    assert (seen.corrections, seen.least, seen.is_current) == (10, 10, True)
    assert seen.last is not None
    assert (seen.used_at is not None) == seen.last.accepted
