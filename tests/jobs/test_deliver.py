"""Every reply reaches the platform once, in order, or a person is told that and why it did not."""

from structlog.testing import capture_logs

from socialai.actions import conversations as threads
from socialai.actions import dead_letters
from socialai.actions import replies as drafts
from socialai.platforms.meta import window
from tests.jobs.desk import HELLO, Desk

# -- the ladder


def test_a_failed_try_is_repeated_after_60_300_and_900_seconds_then_never(waiting: Desk) -> None:
    waiting.page.plan.extend(["error"] * 9)
    waiting.writes()
    waiting.wait(3600)
    assert waiting.tries() == [0, 60, 360, 1260]
    [item] = waiting.items()
    assert item.state == "dead"
    assert item.error == (
        "Tried 4 times. Last: Facebook has a problem of its own right now; the hub tries again."
    )
    assert "Not sent: Tried 4 times." in waiting.activities()[-1]
    assert [reply.state for reply in waiting.replies()] == ["failed"]


def test_the_platforms_own_delay_is_kept_when_it_is_longer(waiting: Desk) -> None:
    waiting.page.plan.append("limit")
    waiting.page.retry_after = 500.0
    waiting.writes()
    waiting.wait(3600)
    assert waiting.tries() == [0, 500]
    assert waiting.states() == ["sent"]


def test_a_short_delay_of_the_platform_does_not_hurry_us(waiting: Desk) -> None:
    waiting.page.plan.append("limit")
    waiting.page.retry_after = 1.0
    waiting.writes()
    waiting.wait(3600)
    assert waiting.tries() == [0, 60]


def test_what_can_never_be_sent_is_a_dead_letter_at_once(waiting: Desk) -> None:
    waiting.page.plan.append("blocked")
    waiting.writes()
    waiting.ring()
    [item] = waiting.items()
    assert (item.state, item.attempts, item.error_code) == ("dead", 1, "551")
    assert item.error == "The contact cannot be reached: they blocked the Page or left Messenger."


def test_the_window_is_checked_when_it_is_sent_not_when_it_was_written(waiting: Desk) -> None:
    waiting.page.plan.append("limit")
    waiting.page.retry_after = window.ANYONE.total_seconds()
    waiting.writes()
    waiting.wait(window.ANYONE.total_seconds() + 10)
    [item] = waiting.items()
    assert (item.state, item.error_code) == ("dead", "window_closed")
    assert len(waiting.page.tries) == 1


def test_without_a_connection_it_is_tried_again(waiting: Desk) -> None:
    waiting.page.plan.append("unreachable")
    waiting.writes()
    waiting.ring()
    assert waiting.states() == ["queued"]
    waiting.wait(60)
    assert waiting.states() == ["sent"]


# -- order


def test_the_parts_of_a_long_reply_arrive_in_order(waiting: Desk) -> None:
    waiting.page.plan.extend(["limit", "take", "lost"])
    text = " ".join(f"Sentence number {number} says a little." for number in range(150))
    waiting.writes(text)
    waiting.wait(7200)
    assert len(waiting.page.sent) == 3
    assert " ".join(waiting.page.texts("8001")) == text


def test_a_reply_whose_first_part_fails_is_not_sent_in_part(waiting: Desk) -> None:
    waiting.page.plan.append("blocked")
    waiting.writes(" ".join(f"Sentence number {number} says a little." for number in range(150)))
    waiting.wait(7200)
    assert waiting.page.sent == []
    assert waiting.states() == ["dead"] * 3
    assert waiting.items()[1].error == "An earlier part of this reply was not sent."


def test_its_parts_are_retried_together_and_in_order(waiting: Desk) -> None:
    waiting.page.plan.append("blocked")
    text = " ".join(f"Sentence number {number} says a little." for number in range(150))
    waiting.writes(text)
    waiting.wait(7200)
    last = waiting.items()[-1]
    dead_letters.retry(waiting.app, "acme", "outbox", [last.id])
    waiting.wait(7200)
    assert " ".join(waiting.page.texts("8001")) == text
    assert [reply.state for reply in waiting.replies()] == ["sent"]


def test_a_second_reply_waits_for_the_first(waiting: Desk) -> None:
    waiting.page.plan.append("limit")
    waiting.writes("First.")
    waiting.ring()
    waiting.writes("Second.")
    waiting.wait(30)
    assert waiting.page.sent == []
    waiting.wait(60)
    assert waiting.page.texts("8001") == ["First.", "Second."]


def test_other_conversations_do_not_wait(waiting: Desk) -> None:
    waiting.page.plan.append("limit")
    waiting.writes()
    waiting.ring()
    waiting.says("thanks", "8002")
    waiting.wait(10)
    waiting.writes(contact="8002")
    waiting.ring()
    assert waiting.page.texts("8002") == [HELLO]


def test_two_workers_send_one_item_once(waiting: Desk) -> None:
    waiting.page.taken = lambda _: waiting.run("deliver", "acme", waiting.items()[0].id)
    waiting.writes()
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


def test_every_try_is_in_the_log_under_the_trace_of_what_it_answers(waiting: Desk) -> None:
    waiting.page.plan.append("error")
    waiting.writes()
    [message] = [each for each in waiting.messages() if each.author == "contact"]
    with capture_logs() as said:
        waiting.wait(3600)
    tries = [line for line in said if line["event"] == "delivery tried"]
    assert [line["outcome"] for line in tries] == ["retry", "sent"]
    for line in tries:
        assert (line["tenant"], line["conversation"]) == ("acme", message.conversation_id)
        assert line["trace"] == message.trace_id
        assert HELLO not in str(line)
