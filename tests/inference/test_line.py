"""Requests wait in a bounded line for the threads that own a model."""

import threading
from collections.abc import Iterator

import pytest

from socialai.errors import Cancelled, DeadlinePassed, ModelError, Overloaded
from socialai.inference.courtesy import Courtesy
from socialai.inference.line import Line
from socialai.inference.llm import Cancel, Written
from socialai.inference.request import Request
from tests.inference.writing import prompt, soon


class Writer:
    """Writes the system text of a prompt, once it is let."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.order: list[str] = []

    def __call__(self, request: Request) -> Written:
        self.entered.set()
        assert self.gate.wait(30)
        text = request.prompt.system
        self.order.append(text)
        if text == "broken":
            raise KeyError(text)
        return Written(text=text, tokens_in=1, tokens_out=1, first_token_ms=1, ms=1, finish="stop")


@pytest.fixture
def writer() -> Writer:
    return Writer()


@pytest.fixture
def line(writer: Writer) -> Iterator[Line]:
    made = Line(writer, name="writers", capacity=4)
    yield made
    writer.gate.set()
    made.close()


def ask(
    line: Line, text: str, *, batch: bool = False, cancel: Cancel | None = None, seconds: float = 60
) -> Request:
    priority = "batch" if batch else "interactive"
    request = Request(prompt(system=text), deadline=soon(seconds), priority=priority, cancel=cancel)  # type: ignore[arg-type]  # a priority
    line.put(request)
    return request


def test_people_come_first_and_else_who_came_first(line: Line, writer: Writer) -> None:
    first = ask(line, "first")
    assert writer.entered.wait(30)
    rest = [ask(line, "index", batch=True), ask(line, "one"), ask(line, "two")]
    writer.gate.set()
    for request in (first, *rest):
        request.wait()
    assert writer.order == ["first", "one", "two", "index"]


def test_batches_fill_half_of_it(line: Line, writer: Writer) -> None:
    ask(line, "first")
    assert writer.entered.wait(30)
    for _ in range(2):
        ask(line, "index", batch=True)
    with pytest.raises(Overloaded):
        ask(line, "index", batch=True)
    for _ in range(2):
        ask(line, "person")
    with pytest.raises(Overloaded):
        ask(line, "person")


def test_who_gave_up_takes_nobodys_place_and_is_not_worked(line: Line, writer: Writer) -> None:
    ask(line, "first")
    assert writer.entered.wait(30)
    cancel = Cancel()
    gone = [ask(line, "gone", cancel=cancel) for _ in range(4)]
    cancel.cancel()
    last = ask(line, "last")
    writer.gate.set()
    assert last.wait().text == "last"
    assert "gone" not in writer.order
    for request in gone:
        with pytest.raises(Cancelled):
            request.wait()


def test_who_is_late_is_told_and_not_worked(line: Line, writer: Writer) -> None:
    ask(line, "first")
    assert writer.entered.wait(30)
    late = ask(line, "late", seconds=0.01)
    with pytest.raises(DeadlinePassed):
        late.wait()
    writer.gate.set()
    assert ask(line, "next").wait().text == "next"
    assert "late" not in writer.order


def test_what_fails_fails_its_request_and_no_other(line: Line, writer: Writer) -> None:
    writer.gate.set()
    with pytest.raises(ModelError, match="broken"):
        ask(line, "broken").wait()
    assert ask(line, "whole").wait().text == "whole"


def test_the_language_model_waits_while_an_encoder_works_and_not_longer_than_it_says() -> None:
    courtesy = Courtesy()
    passed = threading.Event()
    with courtesy.encoding(), courtesy.encoding():
        courtesy.give_way(0.001)
        waiting = threading.Thread(target=lambda: (courtesy.give_way(30), passed.set()))
        waiting.start()
        assert not passed.is_set()
    waiting.join()
    assert passed.is_set()
