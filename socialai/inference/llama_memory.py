"""What a llama.cpp context has read, in a few slots: of a prompt that starts as an earlier one, only the rest
is read."""

import time
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

from socialai.errors import PromptTooLong
from socialai.inference.llama_library import Library, threads
from socialai.inference.llama_model import SLOTS, LlamaModel
from socialai.inference.request import Request

BATCH = 64
"""Tokens a step reads: more is hardly faster, and a step is how long who must wait has to."""

_WORTH_KEEPING = 32
_OK, _NO_ROOM = 0, 1

GiveWay = Callable[[float], None]


class LlamaMemory:
    """To be used by one thread only, and closed. `context` is how many tokens a slot holds."""

    def __init__(self, library: Library, model: LlamaModel, context: int, give_way: GiveWay) -> None:
        self._library, self._api, self._give_way = library, library.api, give_way
        self.room = min(context, model.longest)
        self.handle = self._api.llama_init_from_model(model.handle, self._params())
        if not self.handle:
            raise library.failure("llama.cpp has no memory for the model's context")
        self._cells = self._api.llama_get_memory(self.handle)
        self._batch = self._api.llama_batch_init(BATCH, 0, 1)
        self._read: list[list[int]] = [[] for _ in range(SLOTS)]
        self._used = [0.0] * SLOTS
        self._step = 0.0
        self.evaluated = 0

    def read(self, tokens: Sequence[int], request: Request) -> tuple[int, int]:
        """Read a prompt: the slot it is in, and how many of its tokens had been read before."""
        same = [_same(known, tokens[:-1]) for known in self._read]
        best = max(range(SLOTS), key=same.__getitem__)
        slot = best if same[best] >= _WORTH_KEEPING else min(range(SLOTS), key=self._used.__getitem__)
        self._used[slot] = time.monotonic()
        reused = self._forget(slot, same[slot])
        self._library.watch(self.handle, request.flag)
        self._flag = request.flag  # C looks at it
        for start in range(reused, len(tokens), BATCH):
            self.append(slot, tokens[start : start + BATCH], request)
        return slot, reused

    def append(self, slot: int, tokens: Sequence[int], request: Request) -> None:
        """Read at most BATCH more tokens; the last one's logits are there then."""
        request.check()
        self._give_way(self._step)
        started = time.monotonic()
        code = self._api.llama_decode(self.handle, self._filled(slot, tokens))
        self._step = time.monotonic() - started
        if code == _OK:
            self._read[slot].extend(tokens)
            self.evaluated += len(tokens)
            return
        self._forget(slot, len(self._read[slot]))
        request.check()
        if code == _NO_ROOM:
            raise PromptTooLong(f"The model reads at most {self.room} tokens at once.")
        raise self._library.failure(f"llama.cpp stopped with code {code}")

    def close(self) -> None:
        self._api.llama_batch_free(self._batch)
        self._api.llama_free(self.handle)

    def _forget(self, slot: int, keep: int) -> int:
        """Keep only the first tokens of a slot; how many that are: some models forget all or nothing."""
        if not self._api.llama_memory_seq_rm(self._cells, slot, keep, -1):
            self._api.llama_memory_seq_rm(self._cells, slot, -1, -1)
            keep = 0
        del self._read[slot][keep:]
        return keep

    def _filled(self, slot: int, tokens: Sequence[int]) -> Any:
        batch, start = self._batch, len(self._read[slot])
        batch.n_tokens = len(tokens)
        for at, token in enumerate(tokens):
            batch.token[at], batch.pos[at] = token, start + at
            batch.n_seq_id[at], batch.seq_id[at][0] = 1, slot
            batch.logits[at] = 0
        batch.logits[len(tokens) - 1] = 1
        return batch

    def _params(self) -> Any:
        params = self._api.llama_context_default_params()
        params.n_ctx, params.n_seq_max, params.kv_unified = self.room * SLOTS, SLOTS, False
        params.n_batch = params.n_ubatch = BATCH
        params.n_threads = params.n_threads_batch = threads()
        params.swa_full = True  # else a sliding window forgets the prefix that shall be kept
        params.no_perf = True
        return params


def _same(known: Sequence[int], tokens: Sequence[int]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(known, tokens, strict=False)))
