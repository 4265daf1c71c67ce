"""Every reply reaches the platform once, in order, or a person is told that and why it did not."""

from datetime import timedelta

import httpx
import pytest

from socialai.actions import channels as connecting
from socialai.actions import conversations as threads
from socialai.actions import dead_letters
from socialai.actions import replies as drafts
from socialai.domain.outbox import RECONCILE_TRIES
from socialai.platforms.facebook import window
from socialai.store import channels
from tests import cast
from tests.conftest import Wire
from tests.jobs.desk import PAGE, Desk
from tests.jobs.page import Sent

HELLO = "Hello, we look into it."


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """A contact wrote and waits; nothing is written back yet."""
    desk.says("thanks")
    desk.wait(10)
    return desk


def write(desk: Desk, text: str = HELLO) -> None:
    drafts.write(desk.app, desk.olga, desk.conversation().id, text)


def tried_at(desk: Desk, wire: Wire, clock: cast.Clock) -> list[float]:
    """Seconds since now of every try to send, as time passes."""
    began, times = clock(), []
    answer = wire.answer

    def noting(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and b"sender_action" not in request.content:
            times.append((clock() - began).total_seconds())
        return answer(request)

    wire.answer = noting
    return times


# -- the ladder


def test_a_failed_try_is_repeated_after_60_300_and_900_seconds_then_never(
    waiting: Desk, wire: Wire, clock: cast.Clock
) -> None:
    times = tried_at(waiting, wire, clock)
    waiting.page.plan.extend(["error"] * 9)
    write(waiting)
    waiting.wait(3600)
    assert times == [0, 60, 360, 1260]
    [item] = waiting.items()
    assert item.state == "dead"
    assert item.error == (
        "Tried 4 times. Last: Facebook has a problem of its own right now; the hub tries again."
    )
    assert "Not sent: Tried 4 times." in waiting.activities()[-1]
    assert [reply.state for reply in waiting.replies()] == ["failed"]


def test_the_platforms_own_delay_is_kept_when_it_is_longer(
    waiting: Desk, wire: Wire, clock: cast.Clock
) -> None:
    times = tried_at(waiting, wire, clock)
    waiting.page.plan.append("limit")
    waiting.page.retry_after = 500.0
    write(waiting)
    waiting.wait(3600)
    assert times == [0, 500]
    assert waiting.states() == ["sent"]


def test_a_short_delay_of_the_platform_does_not_hurry_us(
    waiting: Desk, wire: Wire, clock: cast.Clock
) -> None:
    times = tried_at(waiting, wire, clock)
    waiting.page.plan.append("limit")
    waiting.page.retry_after = 1.0
    write(waiting)
    waiting.wait(3600)
    assert times == [0, 60]


def test_what_can_never_be_sent_is_a_dead_letter_at_once(waiting: Desk) -> None:
    waiting.page.plan.append("blocked")
    write(waiting)
    waiting.ring()
    [item] = waiting.items()
    assert (item.state, item.attempts, item.error_code) == ("dead", 1, "551")
    assert item.error == "The contact cannot be reached: they blocked the Page or left Messenger."


def test_the_window_is_checked_when_it_is_sent_not_when_it_was_written(waiting: Desk) -> None:
    waiting.page.plan.append("limit")
    waiting.page.retry_after = window.ANYONE.total_seconds()
    write(waiting)
    waiting.wait(window.ANYONE.total_seconds() + 10)
    [item] = waiting.items()
    assert (item.state, item.error_code) == ("dead", "window_closed")
    assert waiting.page.tries == 1


def test_without_a_connection_it_is_tried_again(waiting: Desk) -> None:
    waiting.page.plan.append("unreachable")
    write(waiting)
    waiting.ring()
    assert waiting.states() == ["queued"]
    waiting.wait(60)
    assert waiting.states() == ["sent"]


# -- nobody knows whether it arrived


def test_an_answer_that_never_came_is_asked_for_and_the_message_found(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    write(waiting)
    waiting.ring()
    assert waiting.states() == ["unknown"]
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]
    assert waiting.items()[0].external_id == waiting.page.sent[0]["id"]


def test_an_echo_settles_it_before_anyone_asks(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    write(waiting)
    waiting.ring()
    waiting.echo(waiting.page.sent[0])
    waiting.ring()
    assert waiting.states() == ["sent"]
    waiting.wait(3600)
    assert waiting.page.texts("8001") == [HELLO]


def test_what_surely_did_not_arrive_is_sent_again_on_the_ladder(
    waiting: Desk, wire: Wire, clock: cast.Clock
) -> None:
    times = tried_at(waiting, wire, clock)
    waiting.page.plan.extend(["broken", "broken"])
    write(waiting)
    waiting.wait(3600)
    asked_after = waiting.app.settings.reconcile_seconds
    assert times == [0, asked_after + 60, 2 * asked_after + 360]
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_what_never_arrives_is_a_dead_letter_after_the_ladder(waiting: Desk) -> None:
    waiting.page.plan.extend(["broken"] * 9)
    write(waiting)
    waiting.wait(7200)
    assert waiting.states() == ["dead"]
    assert waiting.page.tries == 4


def test_a_hub_whose_clock_is_ahead_finds_its_message_all_the_same(waiting: Desk) -> None:
    waiting.page.slow = timedelta(minutes=9)
    waiting.page.plan.append("lost")
    write(waiting)
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_while_the_platform_does_not_say_nothing_is_sent_again(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * (RECONCILE_TRIES - 1))
    write(waiting)
    waiting.wait(24 * 3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_if_it_never_says_a_person_has_to_decide(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * 99)
    write(waiting)
    waiting.wait(24 * 3600)
    [item] = waiting.items()
    assert item.state == "dead"
    assert (item.error or "").startswith(
        "Nobody knows whether this arrived, and the platform does not say: Facebook has a problem"
    )
    assert waiting.page.tries == 1


def test_the_same_words_sent_earlier_are_no_proof(waiting: Desk) -> None:
    """Two replies with one text: the first one's arrival says nothing of the second's."""
    waiting.page.plan.extend(["take", "broken"])
    write(waiting)
    waiting.ring()
    write(waiting)
    waiting.wait(3600)
    assert waiting.states() == ["sent", "sent"]
    assert waiting.page.texts("8001") == [HELLO, HELLO]
    assert len({item.external_id for item in waiting.items()}) == 2


def test_the_same_words_lost_twice_are_found_twice(waiting: Desk) -> None:
    waiting.page.plan.extend(["lost", "lost"])
    write(waiting)
    write(waiting)
    waiting.wait(3600)
    assert waiting.page.texts("8001") == [HELLO, HELLO]
    assert sorted(item.external_id or "" for item in waiting.items()) == ["m_sent0", "m_sent1"]


# -- the hub stops in the middle


def test_what_was_cut_off_is_asked_about_at_the_next_start(waiting: Desk) -> None:
    waiting.page.taken = _cut_off
    write(waiting)
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
    write(waiting)
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
    write(waiting)
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
    write(waiting)
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
    write(waiting)
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
    write(waiting)
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
    write(waiting)
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_an_echo_that_lost_its_key_does_not_stand_in_the_way(waiting: Desk) -> None:
    """It reads like a person's message with the id that is then told to be ours."""

    def echo(sent: Sent) -> None:
        waiting.echo({**sent, "key": None})
        waiting.keep_all()

    waiting.page.taken = echo
    write(waiting)
    waiting.wait(3600)
    assert waiting.states() == ["sent"]
    assert [message.text for message in waiting.messages()] == ["thanks", HELLO]


def test_an_echo_brings_a_dead_letter_back_to_life(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * 99)
    write(waiting)
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


# -- order


def test_the_parts_of_a_long_reply_arrive_in_order(waiting: Desk) -> None:
    waiting.page.plan.extend(["limit", "take", "lost"])
    text = " ".join(f"Sentence number {number} says a little." for number in range(150))
    write(waiting, text)
    waiting.wait(7200)
    assert len(waiting.page.sent) == 3
    assert " ".join(waiting.page.texts("8001")) == text


def test_a_reply_whose_first_part_fails_is_not_sent_in_part(waiting: Desk) -> None:
    waiting.page.plan.append("blocked")
    write(waiting, " ".join(f"Sentence number {number} says a little." for number in range(150)))
    waiting.wait(7200)
    assert waiting.page.sent == []
    assert waiting.states() == ["dead"] * 3
    assert waiting.items()[1].error == "An earlier part of this reply was not sent."


def test_its_parts_are_retried_together_and_in_order(waiting: Desk) -> None:
    waiting.page.plan.append("blocked")
    text = " ".join(f"Sentence number {number} says a little." for number in range(150))
    write(waiting, text)
    waiting.wait(7200)
    last = waiting.items()[-1]
    dead_letters.retry(waiting.app, "acme", "outbox", [last.id])
    waiting.wait(7200)
    assert " ".join(waiting.page.texts("8001")) == text
    assert [reply.state for reply in waiting.replies()] == ["sent"]


def test_a_second_reply_waits_for_the_first(waiting: Desk) -> None:
    waiting.page.plan.append("limit")
    write(waiting, "First.")
    waiting.ring()
    write(waiting, "Second.")
    waiting.wait(30)
    assert waiting.page.sent == []
    waiting.wait(60)
    assert waiting.page.texts("8001") == ["First.", "Second."]


def test_other_conversations_do_not_wait(waiting: Desk) -> None:
    waiting.page.plan.append("limit")
    write(waiting)
    waiting.ring()
    waiting.says("thanks", "8002")
    waiting.wait(10)
    drafts.write(waiting.app, waiting.olga, waiting.conversation("8002").id, HELLO)
    waiting.ring()
    assert waiting.page.texts("8002") == [HELLO]


def test_two_workers_send_one_item_once(waiting: Desk) -> None:
    waiting.page.taken = lambda _: waiting.run("deliver", "acme", waiting.items()[0].id)
    write(waiting)
    waiting.ring()
    assert waiting.page.texts("8001") == [HELLO]


# -- a person is at it


def test_an_answer_of_the_assistant_that_still_waits_is_withdrawn_when_a_person_takes_over(
    desk: Desk,
) -> None:
    desk.auto()
    desk.page.plan.append("limit")
    desk.says("Do you ship to Norway?")
    desk.wait(10)
    assert desk.states() == ["queued"]
    desk.answers_in_the_inbox("Yes, we do.")
    desk.wait(3600)
    assert desk.page.texts("8001") == ["Yes, we do."]
    assert desk.states() == ["discarded"]
    assert [reply.state for reply in desk.replies()] == ["superseded"]
    assert desk.activities()[-1] == "Not sent: a person took over before it could be"


def test_what_a_person_approved_is_sent_although_another_took_over(desk: Desk) -> None:
    desk.page.plan.append("limit")
    desk.says("Do you ship to Norway?")
    desk.wait(10)
    drafts.approve(desk.app, desk.olga, desk.draft().id)
    desk.ring()
    threads.take_over(desk.app, desk.anna, desk.conversation().id)
    desk.wait(3600)
    assert desk.states() == ["sent"]


# -- the token is dead


def test_a_dead_token_stops_the_channel_and_counts_as_no_try(waiting: Desk) -> None:
    waiting.page.plan.append("expired")
    write(waiting)
    waiting.wait(3600)
    waiting.sweep()
    waiting.wait(3600)
    [item] = waiting.items()
    assert (item.state, item.attempts, waiting.page.tries) == ("queued", 0, 1)
    channel = waiting.db.read(lambda db: channels.get(db, waiting.ids.channel_id))
    assert channel.state == "reauthorise"
    assert channel.state_reason == (
        "Facebook no longer accepts the Page's access token; connect the Page again."
    )


def test_connected_again_it_goes_on(waiting: Desk) -> None:
    waiting.page.plan.append("expired")
    write(waiting)
    waiting.wait(3600)
    reconnect(waiting)
    waiting.sweep()
    waiting.ring()
    assert waiting.states() == ["sent"]


def test_connected_by_a_person_it_goes_on_at_once(waiting: Desk) -> None:
    waiting.page.plan.append("expired")
    write(waiting)
    waiting.wait(3600)
    values = {"page_id": PAGE, **cast.SECRETS}
    connecting.connect(waiting.app, waiting.olga, "facebook", "Acme on Facebook", values)
    waiting.ring()
    assert waiting.states() == ["sent"]


def test_a_token_that_dies_while_asking_stops_the_channel_and_nothing_is_given_up(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["expired"] * 99)
    write(waiting)
    waiting.wait(24 * 3600)
    assert waiting.states() == ["unknown"]
    channel = waiting.db.read(lambda db: channels.get(db, waiting.ids.channel_id))
    assert channel.state == "reauthorise"
    waiting.page.reads.clear()
    reconnect(waiting)
    waiting.sweep()
    waiting.wait(60)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_a_secret_key_that_does_not_open_the_credentials_stops_the_channel(waiting: Desk) -> None:
    damaged = "update secret set sealed = zeroblob(60)"
    waiting.db.write(lambda db: db.execute(damaged) and None)
    waiting.app.channels.forget("acme")
    write(waiting)
    waiting.wait(3600)
    channel = waiting.db.read(lambda db: channels.get(db, waiting.ids.channel_id))
    assert channel.state == "reauthorise"
    assert "cannot be opened with this secret.key" in (channel.state_reason or "")
    assert waiting.states() == ["queued"]
    reconnect(waiting)
    waiting.sweep()
    waiting.ring()
    assert waiting.states() == ["sent"]


# -- dead letters


def test_a_retry_counts_as_sent_only_with_the_platforms_id(waiting: Desk) -> None:
    waiting.page.plan.extend(["blocked", "blocked", "take"])
    write(waiting)
    waiting.ring()
    [item] = waiting.items()
    for _ in range(2):
        assert waiting.states() == ["dead"]
        assert dead_letters.retry(waiting.app, "acme", "outbox", [item.id]) == [item.id]
        assert waiting.items()[0].external_id is None
        waiting.wait(60)
    assert waiting.states() == ["sent"]
    assert waiting.items()[0].external_id == "m_sent0"
    assert [reply.state for reply in waiting.replies()] == ["sent"]


def test_a_dead_letter_in_doubt_is_asked_about_before_it_is_sent(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * RECONCILE_TRIES)
    write(waiting)
    waiting.wait(24 * 3600 - 60)
    assert waiting.states() == ["dead"]
    dead_letters.retry(waiting.app, "acme", "outbox", [waiting.items()[0].id])
    waiting.wait(60)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_a_retried_dead_letter_has_the_whole_ladder_again(waiting: Desk) -> None:
    waiting.page.plan.extend(["error"] * 8)
    write(waiting)
    waiting.wait(3600)
    dead_letters.retry(waiting.app, "acme", "outbox", [waiting.items()[0].id])
    waiting.wait(3600)
    assert waiting.states() == ["dead"]
    assert waiting.page.tries == 8


def test_many_are_retried_or_discarded_at_once_and_only_the_dead(waiting: Desk) -> None:
    waiting.page.plan.extend(["blocked", "blocked", "take"])
    for text in ("one", "two", "three"):
        write(waiting, text)
    waiting.ring()
    first, second, third = (item.id for item in waiting.items())
    assert dead_letters.discard(waiting.app, "acme", "outbox", [first, third]) == [first]
    assert dead_letters.retry(waiting.app, "acme", "outbox", [first, second, third]) == [second]
    waiting.ring()
    assert waiting.states() == ["discarded", "sent", "sent"]
    assert waiting.page.texts("8001") == ["three", "two"]


def test_dead_letters_are_counted_once(waiting: Desk) -> None:
    """An echo may have settled it while the hub was about to give up."""
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * 99)
    write(waiting)
    waiting.wait(60)
    while waiting.items()[0].checks < RECONCILE_TRIES - 1:
        waiting.wait(60)
    wire_answer = waiting.page

    sample = waiting.app.metrics.registry.get_sample_value
    labels = {"tenant_id": "acme", "kind": "outbox"}
    waiting.echo(wire_answer.sent[0])
    waiting.wait(24 * 3600)
    assert waiting.states() == ["sent"]
    assert sample("socialai_dead_letters_total", labels) is None


def reconnect(desk: Desk) -> None:
    values = {"page_id": PAGE, **cast.SECRETS}
    desk.app.channels.connect("acme", "facebook", "Acme on Facebook", values, desk.clock())


def _killed(_: Sent) -> httpx.Response:
    raise KeyboardInterrupt


def _cut_off(sent: Sent) -> None:
    _killed(sent)


def _broken() -> httpx.Response:
    raise ZeroDivisionError
