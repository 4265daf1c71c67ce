"""A model file is not believed: what lies is refused with a plain sentence, and nothing worse happens."""

import random
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.errors import ModelError, ModelMissing, ModelRefused
from socialai.inference.gguf import read_header
from socialai.inference.llama_model import check_file
from tests import gguf


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gguf.make(tmp_path_factory.mktemp("gguf") / "whole.gguf")


@pytest.fixture(scope="module")
def odd(whole: Path) -> Path:
    """Where broken copies are written."""
    return whole.with_name("odd.gguf")


def test_a_whole_file_says_what_it_is(whole: Path) -> None:
    header = check_file(whole)
    assert header.architecture == "llama"
    assert header.of_architecture("context_length") == 4096
    assert header.lengths["tokenizer.ggml.tokens"] == 259
    assert header.tensors == 20


def test_no_file_is_missing_and_not_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        check_file(tmp_path / "nothing.gguf")
    with pytest.raises(ModelMissing):
        check_file(tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"GG", "cut off"),
        (b"GGML" + bytes(60), "no GGUF file"),
        (b"GGUF" + struct.pack("<IQQ", 1, 1, 1), "version 1 "),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**63, 1), "tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 2**40), "keys"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 2**62) + b"key", "a text in it has"),
        (
            b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 3) + b"key" + struct.pack("<IIQ", 9, 8, 2**60),
            "longer than",
        ),
        (b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 3) + b"key" + struct.pack("<IIQ", 9, 12, 2**60), "cut off"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 3) + b"key" + struct.pack("<I", 99), "unknown type"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 3) + b"key" + struct.pack("<IB", 0, 1), "architecture"),
    ],
)
def test_an_impossible_header_is_refused(odd: Path, data: bytes, said: str) -> None:
    odd.write_bytes(data)
    with pytest.raises(ModelRefused, match=said):
        read_header(odd)


def test_tensors_beyond_the_end_are_refused(whole: Path, odd: Path) -> None:
    odd.write_bytes(whole.read_bytes()[:-64])
    with pytest.raises(ModelRefused, match="may be cut off"):
        read_header(odd)


@given(cut=st.floats(0, 1, exclude_max=True))
def test_no_cut_file_is_taken(whole: Path, odd: Path, cut: float) -> None:
    data = whole.read_bytes()
    odd.write_bytes(data[: int(cut * len(data))])
    with pytest.raises(ModelError):
        read_header(odd)


@given(changes=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=8))
def test_changed_bytes_are_read_or_refused_and_nothing_else(
    whole: Path, odd: Path, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(whole.read_bytes())
    for at, byte in changes:
        data[at] = byte
    odd.write_bytes(data)
    with suppress(ModelError):
        check_file(odd)


def test_bytes_changed_by_chance_anywhere_in_the_header(whole: Path, odd: Path) -> None:
    dice = random.Random(4)
    data = whole.read_bytes()
    for _ in range(500):
        changed = bytearray(data)
        changed[dice.randrange(6000)] ^= 1 << dice.randrange(8)
        odd.write_bytes(changed)
        with suppress(ModelError):
            read_header(odd)


def test_a_part_of_a_model_says_how_to_join_it(odd: Path) -> None:
    gguf.make(odd, parts=3)
    with pytest.raises(ModelRefused, match="several parts"):
        check_file(odd)
