"""The ladder of tries."""

import pytest

from socialai.domain.outbox import next_wait

LADDER = (60.0, 300.0, 900.0)


@pytest.mark.parametrize(("attempts", "wait"), [(1, 60.0), (2, 300.0), (3, 900.0), (4, None)])
def test_three_waits_then_a_dead_letter(attempts: int, wait: float | None) -> None:
    assert next_wait(attempts, LADDER, None) == wait


def test_the_platform_may_ask_for_a_longer_wait_but_not_a_shorter_one() -> None:
    assert next_wait(1, LADDER, 3600.0) == 3600.0
    assert next_wait(1, LADDER, 5.0) == 60.0
