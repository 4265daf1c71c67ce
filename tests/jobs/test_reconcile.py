"""An outcome nobody knows: the platform is asked, or its echo tells; nothing is sent twice."""

from datetime import timedelta

import httpx
import pytest

from socialai.domain.outbox import RECONCILE_TRIES
from tests.conftest import Wire
from tests.jobs.desk import HELLO, Desk
from tests.jobs.page import Sent

# -- nobody knows whether it arrived


def test_an_answer_that_never_came_is_asked_for_and_the_message_found(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.writes()
    waiting.ring()
    assert waiting.states() == ["unknown"]
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]
    assert waiting.items()[0].external_id == waiting.page.sent[0]["id"]


def test_an_echo_settles_it_before_anyone_asks(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.writes()
    waiting.ring()
    waiting.echo(waiting.page.sent[0])
    waiting.ring()
    assert waiting.states() == ["sent"]
    waiting.wait(3600)
    assert waiting.page.texts("8001") == [HELLO]


def test_what_surely_did_not_arrive_is_sent_again_on_the_ladder(waiting: Desk) -> None:
    waiting.page.plan.extend(["broken", "broken"])
    waiting.writes()
    waiting.wait(3600)
    asked_after = waiting.app.settings.reconcile_seconds
    assert waiting.tries() == [0, asked_after + 60, 2 * asked_after + 360]
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_what_never_arrives_is_a_dead_letter_after_the_ladder(waiting: Desk) -> None:
    waiting.page.plan.extend(["broken"] * 9)
    waiting.writes()
    waiting.wait(7200)
    assert waiting.states() == ["dead"]
    assert len(waiting.page.tries) == 4


def test_a_hub_whose_clock_is_ahead_finds_its_message_all_the_same(waiting: Desk) -> None:
    waiting.page.slow = timedelta(minutes=9)
    waiting.page.plan.append("lost")
    waiting.writes()
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_while_the_platform_does_not_say_nothing_is_sent_again(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * (RECONCILE_TRIES - 1))
    waiting.writes()
    waiting.wait(24 * 3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_if_it_never_says_a_person_has_to_decide(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * 99)
    waiting.writes()
    waiting.wait(24 * 3600)
    [item] = waiting.items()
    assert item.state == "dead"
    assert (item.error or "").startswith(
        "Nobody knows whether this arrived, and the other side does not say: Facebook has a problem"
    )
    assert len(waiting.page.tries) == 1


def test_the_same_words_sent_earlier_are_no_proof(waiting: Desk) -> None:
    """Two replies with one text: the first one's arrival says nothing of the second's."""
    waiting.page.plan.extend(["take", "broken"])
    waiting.writes()
    waiting.ring()
    waiting.writes()
    waiting.wait(3600)
    assert waiting.states() == ["sent", "sent"]
    assert waiting.page.texts("8001") == [HELLO, HELLO]
    assert len({item.external_id for item in waiting.items()}) == 2


def test_the_same_words_lost_twice_are_found_twice(waiting: Desk) -> None:
    waiting.page.plan.extend(["lost", "lost"])
    waiting.writes()
    waiting.writes()
    waiting.wait(3600)
    assert waiting.page.texts("8001") == [HELLO, HELLO]
    assert sorted(item.external_id or "" for item in waiting.items()) == ["m_sent0", "m_sent1"]


# -- the hub stops in the middle


def test_what_was_cut_off_is_asked_about_at_the_next_start(waiting: Desk) -> None:
    waiting.page.taken = _cut_off
    waiting.writes()
    with pytest.raises(KeyboardInterrupt):
        waiting.ring()
    assert waiting.states() == ["sending"]
    waiting.page.taken = lambda _: None
    waiting.restart()
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_what_was_cut_off_before_it_left_is_sent(waiting: Desk, wire: Wire) -> None:
    answer, wire.answer = wire.answer, lambda _: _killed({})
    waiting.writes()
    with pytest.raises(KeyboardInterrupt):
        waiting.ring()
    wire.answer = answer
    waiting.restart()
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_what_was_cut_off_a_moment_ago_may_still_arrive_so_it_is_not_asked_about_at_once(
    waiting: Desk, wire: Wire
) -> None:
    answer, wire.answer = wire.answer, lambda _: _killed({})
    waiting.writes()
    with pytest.raises(KeyboardInterrupt):
        waiting.ring()
    wire.answer = answer
    waiting.restart()
    waiting.ring()
    item = waiting.items()[0]
    waiting.page.keep("8001", HELLO, item.key)
    waiting.wait(3600)
    assert waiting.page.texts("8001") == [HELLO]


def test_a_stop_while_asking_costs_no_time_at_the_next_start(waiting: Desk, wire: Wire) -> None:
    waiting.page.plan.append("lost")
    waiting.writes()
    waiting.ring()
    answer, wire.answer = wire.answer, lambda _: _killed({})
    with pytest.raises(KeyboardInterrupt):
        waiting.wait(waiting.app.settings.reconcile_seconds)
    wire.answer = answer
    waiting.restart()
    waiting.ring()
    assert waiting.states() == ["sent"]


def test_a_fault_while_sending_ends_in_reconciliation(waiting: Desk, wire: Wire) -> None:
    """Whatever breaks between the claim and the outcome, the sweep finds the item again."""
    answer, wire.answer = wire.answer, lambda _: _broken()
    waiting.writes()
    with pytest.raises(ZeroDivisionError):
        waiting.ring()
    wire.answer = answer
    waiting.wait(3600)
    waiting.sweep()
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


# -- echo and answer race


def test_an_echo_before_the_answer_changes_nothing(waiting: Desk) -> None:
    def echo(sent: Sent) -> None:
        waiting.echo(sent)
        waiting.keep_all()

    waiting.page.taken = echo
    waiting.writes()
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert [reply.state for reply in waiting.replies()] == ["sent"]
    assert [message.text for message in waiting.messages()] == ["thanks", HELLO]


def test_an_echo_before_a_lost_answer_is_the_last_word(waiting: Desk) -> None:
    def echo(sent: Sent) -> None:
        waiting.echo(sent)
        waiting.keep_all()

    waiting.page.taken = echo
    waiting.page.plan.append("lost")
    waiting.writes()
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_an_echo_that_lost_its_key_does_not_stand_in_the_way(waiting: Desk) -> None:
    """It reads like a person's message with the id that is then told to be ours."""

    def echo(sent: Sent) -> None:
        waiting.echo({**sent, "key": None})
        waiting.keep_all()

    waiting.page.taken = echo
    waiting.writes()
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert [message.text for message in waiting.messages()] == ["thanks", HELLO]


def test_an_echo_brings_a_dead_letter_back_to_life(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * 99)
    waiting.writes()
    waiting.wait(24 * 3600)
    assert waiting.states() == ["dead"]
    waiting.echo(waiting.page.sent[0])
    waiting.ring()
    assert waiting.states() == ["sent"]
    assert [reply.state for reply in waiting.replies()] == ["sent"]


def test_a_key_we_do_not_know_is_ours_all_the_same(waiting: Desk) -> None:
    """After a restored backup the platform tells of messages that the file never held."""
    waiting.echo(waiting.page.keep("8001", "From before", "socialai:unknown"))
    waiting.ring()
    assert waiting.conversation().owner_id is None
    assert [message.author for message in waiting.messages()] == ["contact", "assistant"]


def _killed(_: Sent) -> httpx.Response:
    raise KeyboardInterrupt


def _cut_off(sent: Sent) -> None:
    _killed(sent)


def _broken() -> httpx.Response:
    raise ZeroDivisionError
