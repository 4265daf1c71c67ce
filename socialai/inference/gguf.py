"""What a GGUF file says of itself, read without trusting it: llama.cpp ends the process over some lies.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from socialai.errors import ModelMissing, ModelRefused

_MOST_KEYS, _MOST_TENSORS = 10_000, 100_000
_LONGEST_NAME, _LONGEST_TEXT = 63, 1024 * 1024
_MOST_DIMENSIONS = 4
_ALIGNMENT = 32
_OF_KEY_AND_VALUE = 4
"""Bytes: two numbers of 16 bits."""
_TO_CALCULATE = 300_000_000
_STRING, _ARRAY = 8, 9
_NUMBERS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17), 40: (64, 36),
}  # fmt: skip
"""Tensor type → how many numbers a block has, and in how many bytes."""


class Header(Struct, frozen=True):
    """`facts` are the keys that are one number or text; `lengths` how many the array of a key has."""

    facts: dict[str, Any]
    lengths: dict[str, int]
    tensors: int
    bytes: int

    @property
    def architecture(self) -> str:
        return str(self.facts["general.architecture"])

    def of_architecture(self, key: str) -> int | None:
        value = self.facts.get(f"{self.architecture}.{key}")
        return value if isinstance(value, int) else None

    def memory(self, tokens: int) -> int:
        """Bytes it needs with room for so many tokens: the weights, keys and values of each token in each
        layer, and what it calculates with."""
        heads = self.of_architecture("attention.head_count") or 1
        width = self.of_architecture("attention.key_length") or (
            (self.of_architecture("embedding_length") or 0) // heads
        )
        layers = self.of_architecture("block_count") or 0
        kept = layers * (self.of_architecture("attention.head_count_kv") or heads) * width
        return self.bytes + kept * _OF_KEY_AND_VALUE * tokens + _TO_CALCULATE


def read_header(path: Path) -> Header:
    """Raises ModelMissing, or ModelRefused with what is wrong in the file."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Reader(data, path).read()
    except FileNotFoundError:
        raise ModelMissing(f"There is no model file {path}.") from None
    except OSError as error:
        raise ModelMissing(f"The model file {path} cannot be read: {error.strerror}.") from None
    except ValueError:  # what mmap says of an empty file
        raise ModelRefused(f"{path.name} is empty.") from None


class _Reader:
    def __init__(self, data: mmap.mmap, path: Path) -> None:
        self._data, self._path = data, path
        self._at, self._size = 0, len(data)

    def read(self) -> Header:
        if self._take(4) != b"GGUF":
            raise self._refused("it is no GGUF file")
        version, tensors, keys = self._number("<I"), self._number("<Q"), self._number("<Q")
        if version not in (2, 3):
            raise self._refused(f"version {version} of the format is not known here")
        if keys > _MOST_KEYS or not 0 < tensors <= _MOST_TENSORS:
            raise self._refused(f"it says that it has {keys} keys and {tensors} tensors")
        facts, lengths = self._keys(keys)
        if not isinstance(facts.get("general.architecture"), str):
            raise self._refused("it does not say of which architecture it is")
        self._check_tensors(list(self._tensors(tensors)), facts.get("general.alignment", _ALIGNMENT))
        return Header(facts, lengths, tensors, self._size)

    def _keys(self, count: int) -> tuple[dict[str, Any], dict[str, int]]:
        facts: dict[str, Any] = {}
        lengths: dict[str, int] = {}
        for _ in range(count):
            key = self._text()
            if not key or key in facts or key in lengths:
                raise self._refused(f'the key "{key[:80]}" comes twice, or is empty')
            kind = self._number("<I")
            if kind == _ARRAY:
                lengths[key] = self._skip_array()
            else:
                facts[key] = self._text() if kind == _STRING else self._number(self._form(kind))
        return facts, lengths

    def _skip_array(self) -> int:
        kind = self._number("<I")
        count: int = self._number("<Q")
        if kind == _STRING:
            if count * 8 > self._size - self._at:
                raise self._refused("an array is longer than the file")
            for _ in range(count):
                self._take(self._number("<Q"))
        else:
            self._take(count * struct.calcsize(self._form(kind)))
        return count

    def _tensors(self, count: int) -> Iterator[tuple[str, int, int]]:
        """Name, offset and size in bytes."""
        for _ in range(count):
            name = self._text(_LONGEST_NAME)
            dimensions = self._number("<I")
            if dimensions > _MOST_DIMENSIONS:
                raise self._refused(f'the tensor "{name}" has {dimensions} dimensions')
            shape = [self._number("<Q") for _ in range(dimensions)]
            yield name, *self._place(name, shape)

    def _place(self, name: str, shape: list[int]) -> tuple[int, int]:
        kind, offset = self._number("<I"), self._number("<Q")
        if kind not in _BLOCKS:
            raise self._refused(f'the tensor "{name}" is of an unknown type ({kind})')
        block, width = _BLOCKS[kind]
        total = 1
        for length in shape:
            total *= length
        if not total or shape[0] % block:
            raise self._refused(f'the tensor "{name}" has an impossible shape {shape}')
        return offset, total // block * width

    def _check_tensors(self, tensors: list[tuple[str, int, int]], alignment: Any) -> None:
        if not isinstance(alignment, int) or not 0 < alignment <= 2**20 or alignment & (alignment - 1):
            raise self._refused(f"its alignment is {alignment}")
        start = _aligned(self._at, alignment)
        expected = 0
        names = set()
        for name, offset, size in tensors:
            if name in names:
                raise self._refused(f'the tensor "{name}" comes twice')
            if offset != expected or start + offset + size > self._size:
                raise self._refused(f'the tensor "{name}" does not lie inside the file; it may be cut off')
            names.add(name)
            expected = _aligned(offset + size, alignment)

    def _text(self, longest: int = _LONGEST_TEXT) -> str:
        length = self._number("<Q")
        if length > longest:
            raise self._refused(f"a text in it has {length} bytes")
        try:
            return self._take(length).decode()
        except UnicodeDecodeError:
            raise self._refused("a text in it is no UTF-8") from None

    def _form(self, kind: int) -> str:
        try:
            return _NUMBERS[kind]
        except KeyError:
            raise self._refused(f"a value in it is of an unknown type ({kind})") from None

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _take(self, length: int) -> bytes:
        if length > self._size - self._at:
            raise self._refused("it is cut off")
        self._at += length
        return self._data[self._at - length : self._at]

    def _refused(self, why: str) -> ModelRefused:
        return ModelRefused(f"{self._path.name} cannot be used: {why}.")


def _aligned(at: int, alignment: int) -> int:
    return (at + alignment - 1) // alignment * alignment
