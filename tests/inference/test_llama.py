"""The real llama.cpp, with tiny models: what is written, when it stops, what is read only once."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from msgspec import Struct

from socialai.errors import Cancelled, DeadlinePassed, ModelError, Overloaded, PromptTooLong
from socialai.inference.llama import LlamaCpp
from socialai.inference.llama_library import library
from socialai.inference.llama_memory import LlamaMemory
from socialai.inference.llama_model import LlamaModel
from socialai.inference.llm import Limits, Part, Prompt, decode
from socialai.inference.request import Request
from tests import gguf
from tests.inference.writing import Background, prompt, soon


class Verdict(Struct, frozen=True):
    supported: Literal["yes", "no"]
    reason: Literal["price", "date", "none"]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("llm")


@pytest.fixture(scope="session")
def tiny(folder: Path) -> Path:
    return gguf.make(folder / "tiny.gguf")


@pytest.fixture(scope="session")
def shared(tiny: Path) -> Iterator[LlamaCpp]:
    engine = LlamaCpp(tiny)
    yield engine
    engine.close()


@pytest.fixture
def engine(tiny: Path) -> Iterator[LlamaCpp]:
    """One that has read nothing yet."""
    made = LlamaCpp(tiny)
    yield made
    made.close()


@pytest.fixture(scope="session")
def slow(folder: Path) -> Iterator[LlamaCpp]:
    """A prompt of four thousand letters takes it seconds."""
    made = LlamaCpp(gguf.make(folder / "slow.gguf", width=256, layers=12, context=8192), context=8192)
    made.write(prompt("", tokens=1), deadline=soon())
    yield made
    made.close()


def test_it_writes_as_many_tokens_as_allowed_and_counts_them(shared: LlamaCpp) -> None:
    written = shared.write(prompt(tokens=8), deadline=soon())
    assert written.tokens_out <= 8
    assert written.tokens_in > 100
    assert 0 < written.first_token_ms <= written.ms
    assert (written.finish == "length") == (written.tokens_out == 8)


def test_the_same_prompt_and_seed_give_the_same_text(shared: LlamaCpp) -> None:
    assert len({shared.write(prompt(), deadline=soon()).text for _ in range(3)}) == 1


def test_the_pieces_that_come_while_it_writes_are_the_text(shared: LlamaCpp) -> None:
    pieces: list[str] = []
    threads: set[threading.Thread] = set()

    def take(piece: str) -> None:
        pieces.append(piece)
        threads.add(threading.current_thread())

    written = shared.write(prompt("pieces", tokens=30), deadline=soon(), on_text=take)
    assert "".join(pieces) == written.text
    assert threads == {threading.current_thread()}


def test_a_caller_that_fails_over_a_piece_ends_the_writing(shared: LlamaCpp) -> None:
    def fail(_: str) -> None:
        raise KeyError("the page is gone")

    with pytest.raises(KeyError):
        shared.write(prompt("fail", tokens=2000), deadline=soon(), on_text=fail)
    assert shared.write(prompt(), deadline=soon()).text


def test_json_has_the_shape_that_was_asked_for(shared: LlamaCpp) -> None:
    for seed in range(3):
        asked = Prompt(
            purpose="judge", system="s", parts=(), task="Judge.", limits=Limits(300, temperature=1, seed=seed)
        )
        written = shared.write(asked, deadline=soon(), schema=Verdict)
        assert decode(written.text, Verdict).supported in ("yes", "no")
        assert written.finish == "stop"


def test_json_that_does_not_fit_its_limits_is_said_to_be_cut_off(shared: LlamaCpp) -> None:
    with pytest.raises(ModelError, match="cut off"):
        shared.write(prompt(tokens=3), deadline=soon(), schema=Verdict)


def test_what_was_read_for_one_prompt_is_not_read_for_the_next(engine: LlamaCpp) -> None:
    first = engine.write(prompt("Do you ship?", tokens=1), deadline=soon())
    before = engine.evaluated
    second = engine.write(prompt("What does it cost?", tokens=1), deadline=soon())
    assert first.tokens_reused == 0
    assert second.tokens_reused > 0.7 * second.tokens_in
    assert engine.evaluated - before == second.tokens_in - second.tokens_reused


def test_two_tenants_in_turn_do_not_push_each_others_words_out(engine: LlamaCpp) -> None:
    systems = ["You answer for Acme. " * 10, "Rival is who you write for. " * 10]
    for _ in range(2):
        reused = [
            engine.write(prompt("Hi", tokens=1, system=system), deadline=soon()).tokens_reused
            for system in systems
        ]
    assert all(tokens > 200 for tokens in reused)


def test_what_was_reused_changes_no_text(engine: LlamaCpp, tiny: Path) -> None:
    engine.write(prompt("Something else altogether"), deadline=soon())
    warm = engine.write(prompt("Do you ship?", tokens=20), deadline=soon())
    other = LlamaCpp(tiny)
    cold = other.write(prompt("Do you ship?", tokens=20), deadline=soon())
    other.close()
    assert warm.tokens_reused > 0 == cold.tokens_reused
    assert warm.text == cold.text


def test_a_cancelled_prompt_is_given_up_within_a_fifth_of_a_second(slow: LlamaCpp) -> None:
    writing = Background(slow, prompt("long " * 1200))
    before = slow.evaluated
    while slow.evaluated < before + 64:
        assert writing.result is None
    at = time.monotonic()
    writing.cancel.cancel()
    assert isinstance(writing.join(), Cancelled)
    assert time.monotonic() - at < 0.2
    slow.write(prompt("", tokens=1), deadline=soon())
    assert slow.evaluated - before < 4000  # the rest of the prompt was never read


def test_a_cancelled_text_ends_within_a_fifth_of_a_second(slow: LlamaCpp) -> None:
    writing = Background(slow, prompt("", tokens=4000))
    assert writing.began.wait(60)
    at = time.monotonic()
    writing.cancel.cancel()
    assert isinstance(writing.join(), Cancelled)
    assert time.monotonic() - at < 0.2


def test_who_cancelled_before_asking_costs_nothing(shared: LlamaCpp) -> None:
    before = shared.evaluated
    writing = Background(shared, prompt())
    writing.join()
    writing.cancel.cancel()
    with pytest.raises(Cancelled):
        shared.write(prompt("other"), deadline=soon(), cancel=writing.cancel)
    assert shared.write(prompt(), deadline=soon()).text
    assert shared.evaluated - before < 600


def test_a_flag_ends_an_evaluation_in_its_middle(tiny: Path) -> None:
    """llama.cpp looks at it between two products of matrices, without asking Python."""
    model = LlamaModel(library(), tiny)
    memory = LlamaMemory(library(), model, 512, lambda _: None)
    request = Request(prompt(), deadline=soon())
    tokens = model.tokens("system", "user")
    memory.read(tokens, request)
    request.flag[0] = b"\x01"
    with pytest.raises(ModelError, match="code 2"):
        memory.append(0, tokens[:10], request)
    request.flag[0] = b"\x00"
    assert memory.read(tokens, request)[1] == len(tokens) - 1
    memory.close()
    model.close()


def test_at_the_deadline_the_caller_goes_on_without_the_text(slow: LlamaCpp) -> None:
    at = time.monotonic()
    with pytest.raises(DeadlinePassed):
        slow.write(prompt("late " * 1200), deadline=soon(0.3))
    assert time.monotonic() - at < 0.6


def test_interactive_requests_go_before_batches(slow: LlamaCpp) -> None:
    order: list[str] = []
    first = Background(slow, prompt("", tokens=200))
    assert first.began.wait(60)
    batch = Background(slow, prompt("", tokens=1), priority="batch", done=lambda: order.append("batch"))
    while slow.waiting() < 1:
        pass
    person = Background(slow, prompt("", tokens=1), done=lambda: order.append("person"))
    for writing in (first, person, batch):
        writing.join()
    assert order == ["person", "batch"]


def test_a_full_line_refuses_batches_first_and_everyone_at_last(folder: Path) -> None:
    engine = LlamaCpp(folder / "slow.gguf", context=8192, capacity=2)
    busy = Background(engine, prompt("", tokens=4000))
    assert busy.began.wait(60)
    waiting = [Background(engine, prompt(tokens=1), priority="batch")]
    while engine.waiting() < 1:
        pass
    with pytest.raises(Overloaded):
        engine.write(prompt(), deadline=soon(), priority="batch")
    waiting.append(Background(engine, prompt(tokens=1)))
    while engine.waiting() < 2:
        pass
    with pytest.raises(Overloaded):
        engine.write(prompt(), deadline=soon())
    engine.close()
    assert all(isinstance(one.join(), ModelError) for one in (busy, *waiting))
    with pytest.raises(ModelError, match="stopped"):
        engine.write(prompt(), deadline=soon())


def test_a_prompt_too_long_is_shortened_by_the_callers_rule(shared: LlamaCpp) -> None:
    def less(one: Prompt) -> Prompt | None:
        half = len(one.parts[0].text) // 2
        return (
            msgspec.structs.replace(one, parts=(Part("evidence", one.parts[0].text[:half]),))
            if half
            else None
        )

    long = Prompt(
        purpose="compose",
        system="Short.",
        parts=(Part("evidence", "fact " * 4000),),
        task="Go.",
        shorten=less,
    )
    assert 1500 < shared.write(long, deadline=soon()).tokens_in < 4096


def test_a_prompt_too_long_without_a_rule_is_refused(shared: LlamaCpp) -> None:
    with pytest.raises(PromptTooLong, match="room for"):
        shared.write(prompt("long " * 2000), deadline=soon())


def test_the_encoder_is_given_way_before_each_step(tiny: Path) -> None:
    waits: list[float] = []
    engine = LlamaCpp(tiny, give_way=waits.append)
    written = engine.write(prompt(tokens=5), deadline=soon())
    engine.close()
    steps = -(-written.tokens_in // 64) + written.tokens_out - (written.finish == "length")
    assert len(waits) == steps
    assert waits[0] == 0
    assert all(wait > 0 for wait in waits[1:])


def test_every_letter_comes_whole_though_its_bytes_come_apart(shared: LlamaCpp) -> None:
    pieces: list[str] = []
    asked = msgspec.structs.replace(prompt(), limits=Limits(200, temperature=2, seed=3))
    written = shared.write(asked, deadline=soon(), on_text=pieces.append)
    assert written.text == "".join(pieces)
    assert written.text.encode().decode() == written.text
