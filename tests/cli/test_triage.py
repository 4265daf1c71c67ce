import io
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.cli.jsonl import pieces
from socialai.cli.triage import _batches
from socialai.domain.triage import INTENTS, Triage
from tests.cli.conftest import Run
from tests.inference.test_intents import EXAMPLES
from tests.jobs.test_own_intents import SHIPPING
from tests.odd_texts import ODD


def results(stdout: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_every_line_gives_a_result_in_the_same_order(run: Run, tmp_path: Path) -> None:
    texts = [f"Where is my order number {number}? It is late!" for number in range(600)]
    lines = "\n".join(json.dumps({"text": text, "id": number}) for number, text in enumerate(texts))
    (tmp_path / "in.jsonl").write_text(lines)
    done = run("triage", tmp_path / "in.jsonl", "-t", "acme")
    assert done.exit_code == 0
    found = results(done.stdout)
    assert [line["id"] for line in found] == list(range(600))
    told = ["id", "intent", "raw_intent", "confidence", "sentiment", "urgency", "entities"]
    assert list(found[0])[: len(told)] == told


def test_the_same_text_is_understood_the_same_alone_and_among_others(run: Run) -> None:
    line = json.dumps({"text": "I want my money back, this is a scam!"}) + "\n"
    alone = results(run("triage", "-", "-t", "acme", input=line).stdout)[0]
    among = results(run("triage", "-", "-t", "acme", input='{"text": "hi"}\n' * 70 + line).stdout)[-1]
    assert alone["intent"] == among["intent"]
    assert alone["urgency"] == among["urgency"]


def test_bad_lines_say_why_and_take_no_other_along(run: Run) -> None:
    bad = [
        b"no json",
        b'{"id": 1}',
        b'{"text": 5}',
        b"[" * 5000,
        b'{"text": "' + b"x" * 2_000_000 + b'"}',
    ]
    lines = [b'{"text": "hello"}', *bad, b"", b'{"text": "bye", "id": "last"}']
    done = run("triage", "-", "-t", "acme", input=b"\n".join(lines))
    assert done.exit_code == 1
    assert "5 lines could not be read" in done.stderr
    found = results(done.stdout)
    assert [line.get("line") for line in found] == [None, 2, 3, 4, 5, 6, None]
    assert found[-1]["id"] == "last"
    assert all(isinstance(line["error"], str) for line in found[1:-1])


@pytest.mark.parametrize("tenant", ["acme", None])
def test_odd_texts_get_a_valid_result_each(
    run: Run, at: Callable[[Path], Run], tmp_path: Path, tenant: str | None
) -> None:
    lines = [json.dumps({"text": text}).encode() for text in ODD.values()]
    broken = [b'{"text": "caf\xe9"}', b'{"text": "a\x00b"}', b"\xef\xbb\xbf" + b'{"text": "marked"}']
    (tmp_path / "odd.jsonl").write_bytes(b"\n".join([*lines, *broken]))
    command = run if tenant else at(tmp_path / "empty")
    done = command("triage", tmp_path / "odd.jsonl", *(["-t", tenant] if tenant else []))
    assert done.exit_code == 0, done.output
    found = [msgspec.convert(result, Triage) for result in results(done.stdout)]
    assert len(found) == len(ODD) + 3
    assert all(0 <= triage.confidence <= 1 and triage.intent in INTENTS for triage in found)


def test_ten_thousand_identical_messages_get_the_same_result_each(run: Run) -> None:
    done = run("triage", "-", "-t", "acme", input='{"text": "where is my order?"}\n' * 10_000)
    assert done.exit_code == 0, done.exception
    found = results(done.stdout)
    assert len(found) == 10_000
    assert len({(each["intent"], each["urgency"], str(each["entities"])) for each in found}) == 1


def test_a_tenants_own_intents_and_corrections_count(run: Run) -> None:
    for name, texts in (("Norway", SHIPPING), ("Hiring", EXAMPLES[1])):
        assert (
            run("intent", "add", name, *(f"--example={text}" for text in texts), "-t", "acme").exit_code == 0
        )
    assert run("intent", "train", "-t", "acme").exit_code == 0
    line = json.dumps({"text": "Do you ship to Norway and what does it cost?"})
    [own], [other] = (results(run("triage", "-", "-t", who, input=line).stdout) for who in ("acme", "rival"))
    assert msgspec.convert(own, Triage).custom_intent is not None
    assert msgspec.convert(own, Triage).custom_intent.name == "Norway"
    assert other["custom_intent"] is None


def test_nothing_in_gives_nothing_out(run: Run) -> None:
    done = run("triage", "-", "-t", "acme", input="")
    assert (done.exit_code, done.stdout) == (0, "")


def test_it_works_before_there_is_a_tenant(at: Callable[[Path], Run], tmp_path: Path) -> None:
    done = at(tmp_path / "empty")("triage", "-", input='{"text": "hello"}')
    assert done.exit_code == 0
    assert len(results(done.stdout)) == 1


def test_a_missing_file_is_wrong_usage(run: Run) -> None:
    assert run("triage", "/nowhere.jsonl", "-t", "acme").exit_code == 2


class _Trickle(io.BytesIO):
    """A pipe that delivers what was written piece by piece."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__()
        self._pieces = iter([*filter(None, pieces), b""])

    def read1(self, _size: int | None = -1, /) -> bytes:
        return next(self._pieces)


def test_a_line_is_answered_before_the_next_one_arrives() -> None:
    stream = _Trickle([b'{"text": "a"}\n', b'{"text": "b"}\n'])
    assert [len(batch) for batch in _batches(stream, lambda _: None)] == [1, 1]


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_however_it_is_cut_the_lines_are_the_same(cut: list[bytes]) -> None:
    lines = [line for found in pieces(_Trickle(cut), lambda _: None) for line in found]
    assert b"\n".join([*lines, b""]).rstrip(b"\n") == b"".join(cut).rstrip(b"\n")


def test_a_line_without_end_is_not_kept_in_memory() -> None:
    lines = [line for found in pieces(_Trickle([b"x" * 65536] * 100), lambda _: None) for line in found]
    assert [len(line) for line in lines] == [1024 * 1024 + 1]
