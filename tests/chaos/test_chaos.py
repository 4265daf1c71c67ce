"""The short form of `python -m tests.chaos.chaos`."""

from pathlib import Path

from tests.chaos.chaos import Plan, run


def test_killed_under_traffic_nothing_is_lost_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    found = run(Plan(kills=6, seed=7), tmp_path)
    assert found.faults == [], str(found)
    assert found.counts["messages people wrote"] > 10
    assert found.counts.get("outbox: sent", 0) > 0
