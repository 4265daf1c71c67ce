"""One thread works what waits, in batches, within its time."""

import threading
from collections.abc import Iterator, Sequence

import pytest

from socialai.errors import DeadlinePassed, ModelError, Overloaded
from socialai.inference.lane import Lane


class Worker:
    """Doubles numbers, once it is let; keeps the size of each batch and the threads it ran on."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.batches: list[list[int]] = []
        self.threads: set[str] = set()

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.threads.add(threading.current_thread().name)
        self.entered.set()
        assert self.gate.wait(10)
        self.batches.append(list(items))
        if -1 in items:
            raise ValueError("no such number")
        return [2 * item for item in items]


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def lane(worker: Worker) -> Iterator[Lane[int, int]]:
    made: Lane[int, int] = Lane(worker, name="numbers", capacity=10, batch=4)
    yield made
    worker.gate.set()
    made.close()


def in_background(lane: Lane[int, int], items: list[int], results: dict[int, object]) -> threading.Thread:
    def run() -> None:
        try:
            results[items[0]] = lane.run(items, 10)
        except ModelError as error:
            results[items[0]] = error

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def occupy(lane: Lane[int, int], worker: Worker, results: dict[int, object]) -> threading.Thread:
    """Something is being worked, so that what comes now waits."""
    thread = in_background(lane, [100], results)
    assert worker.entered.wait(10)
    return thread


def wait_for(lane: Lane[int, int], waiting: int) -> None:
    while lane.waiting() < waiting:
        pass


def test_every_item_gets_its_own_result_in_order(lane: Lane[int, int], worker: Worker) -> None:
    worker.gate.set()
    assert lane.run(range(11), 10) == [2 * number for number in range(11)]
    assert lane.run([], 10) == []


def test_what_waits_together_is_worked_together_by_one_thread(lane: Lane[int, int], worker: Worker) -> None:
    results: dict[int, object] = {}
    threads = [occupy(lane, worker, results)]
    for number in (1, 2, 3):
        threads.append(in_background(lane, [number], results))
        wait_for(lane, number)
    worker.gate.set()
    for thread in threads:
        thread.join()
    assert results == {100: [200], 1: [2], 2: [4], 3: [6]}
    assert [sorted(batch) for batch in worker.batches] == [[100], [1, 2, 3]]
    assert worker.threads == {"numbers"}


def test_a_short_request_need_not_wait_for_a_long_one(lane: Lane[int, int], worker: Worker) -> None:
    results: dict[int, object] = {}
    threads = [occupy(lane, worker, results), in_background(lane, list(range(10, 18)), results)]
    wait_for(lane, 8)
    threads.append(in_background(lane, [1], results))
    wait_for(lane, 9)
    worker.gate.set()
    for thread in threads:
        thread.join()
    assert worker.batches == [[100], [10, 11, 12, 13], [1], [14, 15, 16, 17]]


def test_a_request_is_not_split_to_fill_a_batch(lane: Lane[int, int], worker: Worker) -> None:
    results: dict[int, object] = {}
    threads = [occupy(lane, worker, results)]
    for count, first in enumerate((1, 4, 7), start=1):
        threads.append(in_background(lane, [first, first + 1, first + 2][:count], results))
        wait_for(lane, sum(range(count + 1)))
    worker.gate.set()
    for thread in threads:
        thread.join()
    assert worker.batches == [[100], [1, 4, 5], [7, 8, 9]]


def test_a_full_queue_refuses_at_once(lane: Lane[int, int], worker: Worker) -> None:
    results: dict[int, object] = {}
    threads = [occupy(lane, worker, results), in_background(lane, list(range(8)), results)]
    wait_for(lane, 8)
    with pytest.raises(Overloaded):
        lane.run([1, 2, 3], 10)
    worker.gate.set()
    for thread in threads:
        thread.join()


def test_who_waited_too_long_is_told_and_not_worked(lane: Lane[int, int], worker: Worker) -> None:
    results: dict[int, object] = {}
    thread = occupy(lane, worker, results)
    with pytest.raises(DeadlinePassed):
        lane.run([7], 0.01)
    worker.gate.set()
    thread.join()
    assert lane.run([8], 10) == [16]
    assert [7] not in worker.batches


def test_a_failing_model_fails_its_request_and_no_later_one(lane: Lane[int, int], worker: Worker) -> None:
    worker.gate.set()
    with pytest.raises(ModelError, match="no such number"):
        lane.run([-1], 10)
    assert lane.run([3], 10) == [6]


def test_closing_fails_what_waits_and_refuses_what_comes(lane: Lane[int, int], worker: Worker) -> None:
    results: dict[int, object] = {}
    threads = [occupy(lane, worker, results), in_background(lane, [5], results)]
    wait_for(lane, 1)
    closing = threading.Thread(target=lane.close)
    closing.start()
    worker.gate.set()
    for thread in (*threads, closing):
        thread.join()
    with pytest.raises(ModelError):
        lane.run([1], 10)
    assert results[100] == [200]
