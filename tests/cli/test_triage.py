import io
import json
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from socialai.cli.triage import _batches, _lines
from tests.cli.conftest import Run


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
        b'{"text": "  "}',
        b'{"text": "\xff"}',
        b"[" * 5000,
        b'{"text": "' + b"x" * 30_000 + b'"}',
        b'{"text": "' + b"x" * 2_000_000 + b'"}',
    ]
    lines = [b'{"text": "hello"}', *bad, b"", b'{"text": "bye", "id": "last"}']
    done = run("triage", "-", "-t", "acme", input=b"\n".join(lines))
    assert done.exit_code == 1
    assert "8 lines could not be read" in done.stderr
    found = results(done.stdout)
    assert [line.get("line") for line in found] == [None, 2, 3, 4, 5, 6, 7, 8, 9, None]
    assert found[-1]["id"] == "last"
    assert all(isinstance(line["error"], str) for line in found[1:-1])


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
def test_however_it_is_cut_the_lines_are_the_same(pieces: list[bytes]) -> None:
    lines = [line for found in _lines(_Trickle(pieces), lambda _: None) for line in found]
    assert b"\n".join([*lines, b""]).rstrip(b"\n") == b"".join(pieces).rstrip(b"\n")


def test_a_line_without_end_is_not_kept_in_memory() -> None:
    lines = [line for found in _lines(_Trickle([b"x" * 65536] * 100), lambda _: None) for line in found]
    assert [len(line) for line in lines] == [1024 * 1024 + 1]
