"""A platform that fails is left alone for a while, then tried with a few."""

from datetime import UTC, datetime, timedelta

from socialai.platforms.gate import Gate

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def shut() -> Gate:
    gate = Gate()
    for _ in range(5):
        assert gate.wait(NOW) == 0
        gate.failed(NOW)
    return gate


def test_after_five_failures_in_a_row_nothing_is_sent_for_a_minute() -> None:
    gate = shut()
    assert gate.wait(later(20)) == 40
    assert gate.state(later(20)) == "shut"


def test_a_success_between_failures_keeps_it_open() -> None:
    gate = Gate()
    for _ in range(20):
        gate.failed(NOW)
        gate.worked(NOW)
    assert gate.state(NOW) == "open"


def test_then_three_may_try_and_only_all_of_them_open_it() -> None:
    gate = shut()
    assert [gate.wait(later(60)) for _ in range(4)] == [0, 0, 0, 60]
    gate.worked(later(61))
    gate.worked(later(61))
    assert gate.state(later(121)) == "trying"
    gate.worked(later(61))
    assert gate.state(later(61)) == "open"
    assert gate.wait(later(61)) == 0


def test_a_failed_try_shuts_it_again() -> None:
    gate = shut()
    gate.wait(later(60))
    gate.failed(later(61))
    assert gate.wait(later(62)) == 59


def test_tries_that_never_come_back_do_not_shut_it_for_ever() -> None:
    gate = shut()
    assert [gate.wait(later(60)) for _ in range(4)] == [0, 0, 0, 60]
    assert gate.wait(later(120)) == 0


def test_the_platforms_own_delay_is_obeyed_by_everything() -> None:
    gate = Gate()
    gate.failed(NOW, retry_after=600)
    assert gate.wait(later(100)) == 500
    assert gate.state(later(100)) == "shut"
    assert gate.wait(later(601)) == 0


def test_a_budget_that_is_nearly_used_up_slows_down() -> None:
    gate = Gate()
    gate.worked(NOW, used=0.95)
    assert gate.wait(NOW) == 10
    gate.worked(later(10), used=0.2)
    assert gate.wait(later(10)) == 0
