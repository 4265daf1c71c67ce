"""The weights and vocabulary of one GGUF file."""

import ctypes
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from socialai.domain.engine import DEFAULT_CONTEXT
from socialai.errors import ModelMissing, ModelRefused
from socialai.inference.gguf import Header, read_header
from socialai.inference.llama_library import Library
from socialai.inference.template import ChatTemplate, Piece
from socialai.machine import memory_bytes

SLOTS = 2
"""Prompts whose beginnings are remembered, each with room for a whole one."""
_MOST_OF_MEMORY = 0.8


def check_file(path: Path) -> Header:
    """Everything that can be known without loading it. Raises ModelMissing or ModelRefused."""
    header = read_header(path)
    if not header.lengths.get("tokenizer.ggml.tokens"):
        raise ModelRefused(f"{path.name} has no vocabulary, so it cannot write.")
    if not isinstance(header.facts.get("tokenizer.chat_template"), str):
        raise ModelRefused(
            f"{path.name} has no chat template, so how to talk to it is a guess. Choose an instruct model."
        )
    if header.facts.get("split.count", 0) not in (0, 1):
        raise ModelRefused(f"{path.name} is one of several parts. Join them with llama-gguf-split --merge.")
    memory, needed = memory_bytes(), memory_of(header, DEFAULT_CONTEXT)
    if memory is not None and needed > _MOST_OF_MEMORY * memory:
        raise ModelRefused(f"{path.name} needs {needed / 2**30:.1f} GiB, too much for this machine's memory.")
    return header


def memory_of(header: Header, context: int) -> int:
    """Bytes it needs when it writes; `context` is how many tokens a prompt and its answer may have."""
    return header.memory(SLOTS * context)


class LlamaModel:
    """To be used by one thread only, and closed."""

    def __init__(self, library: Library, path: Path) -> None:
        header = check_file(path)
        self._api: Any = library.api
        self.handle = self._api.llama_model_load_from_file(os.fsencode(path), library.model_params())
        if not self.handle:
            raise ModelMissing(str(library.failure(f"llama.cpp cannot load {path.name}")))
        self.vocabulary = self._api.llama_model_get_vocab(self.handle)
        self.size = int(self._api.llama_vocab_n_tokens(self.vocabulary))
        self.longest = int(self._api.llama_model_n_ctx_train(self.handle))
        self._bos = int(self._api.llama_vocab_bos(self.vocabulary))
        self._template = ChatTemplate(
            header.facts["tokenizer.chat_template"],
            self._name(self._bos),
            self._name(int(self._api.llama_vocab_eos(self.vocabulary))),
        )
        self._letters = ctypes.create_string_buffer(256)
        self._marks = self._marks_of_template()

    def tokens(self, system: str, user: str) -> list[int]:
        """The whole prompt, up to where the model's own words start."""
        found: list[int] = []
        for piece in self._template.pieces(system, user):
            found += self._tokenize(piece)
        if self._api.llama_vocab_get_add_bos(self.vocabulary) and found[:1] != [self._bos]:
            found.insert(0, self._bos)
        return found

    def text(self, tokens: Sequence[int]) -> bytes:
        """May end, or begin, inside a letter. Control tokens say nothing."""
        return b"".join(map(self._text, tokens))

    def ends(self, token: int) -> bool:
        return bool(self._api.llama_vocab_is_eog(self.vocabulary, token))

    def close(self) -> None:
        self._api.llama_model_free(self.handle)

    def _tokenize(self, piece: Piece) -> list[int]:
        """What was said is text only: '<|im_start|>' in it is twelve letters, not the mark."""
        if not piece.said:
            return self._read(piece.text, marks=True)
        parts = self._marks.split(piece.text)
        return [token for part in parts if part for token in self._read(part, marks=False)]

    def _marks_of_template(self) -> re.Pattern[str]:
        """Where to cut what was said: behind the first letter of each mark. llama.cpp leaves control tokens
        alone when told so, but not those that a model calls user-defined."""
        own = [piece.text for piece in self._template.pieces("a", "b") if not piece.said]
        tokens = {token for text in own for token in self._read(text, marks=True)}
        marks = [
            name for token in tokens if self._is_mark(token) and len(name := self._name(token).strip()) > 1
        ]
        cuts = [f"(?<={re.escape(mark[0])})(?={re.escape(mark[1:])})" for mark in marks]
        return re.compile("|".join(cuts) or "(?!)")

    def _is_mark(self, token: int) -> bool:
        kinds = self._api.LLAMA_TOKEN_ATTR_CONTROL | self._api.LLAMA_TOKEN_ATTR_USER_DEFINED
        return bool(self._api.llama_vocab_get_attr(self.vocabulary, token) & kinds)

    def _read(self, said: str, *, marks: bool) -> list[int]:
        text = said.encode("utf-8", "replace")
        room = len(text) + 8
        tokens = (self._api.llama_token * room)()
        count = self._api.llama_tokenize(self.vocabulary, text, len(text), tokens, room, False, marks)
        if count < 0:
            raise ModelRefused("The model's vocabulary cannot write this text.")
        return list(tokens[:count])

    def _text(self, token: int) -> bytes:
        length = self._api.llama_token_to_piece(self.vocabulary, token, self._letters, 256, 0, False)
        return self._letters.raw[: max(length, 0)]

    def _name(self, token: int) -> str:
        if token < 0:
            return ""
        return str(self._api.llama_vocab_get_text(self.vocabulary, token).decode("utf-8", "replace"))
