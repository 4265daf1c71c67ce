"""How the next token is chosen: by limits, and by a grammar when JSON is asked for."""

import ctypes
import math
from typing import Any

import msgspec
import numpy as np

from socialai.errors import ModelError
from socialai.inference.llama_library import Library
from socialai.inference.llama_model import LlamaModel
from socialai.inference.llm import Limits, Schema

_TOP_K, _TOP_P, _MIN_P = 40, 0.95, 0.05
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


def grammar(schema: Schema) -> str:
    """In llama.cpp's notation. It keeps the shape; ranges of numbers are checked when the text is decoded."""
    from llama_cpp.llama_grammar import LlamaGrammar

    made = LlamaGrammar.from_json_schema(msgspec.json.encode(msgspec.json.schema(schema)).decode(), False)
    return str(made._grammar)


class Sampler:
    """For one text, and closed."""

    def __init__(self, library: Library, model: LlamaModel, limits: Limits, schema: Schema | None) -> None:
        self._api: Any = library.api
        self._chain = self._api.llama_sampler_chain_init(self._api.llama_sampler_chain_default_params())
        self._candidates = np.zeros(model.size, _CANDIDATE) if schema else None
        if schema:
            self._add(self._grammar(library, model, schema))
        if limits.temperature:
            self._add(self._api.llama_sampler_init_top_k(_TOP_K))
            self._add(self._api.llama_sampler_init_top_p(_TOP_P, 1))
            self._add(self._api.llama_sampler_init_min_p(_MIN_P, 1))
            self._add(self._api.llama_sampler_init_temp(limits.temperature))
            self._add(self._api.llama_sampler_init_dist(limits.seed))
        else:
            self._add(self._api.llama_sampler_init_greedy())

    def next(self, context: Any) -> int:
        if self._candidates is None:
            return int(self._api.llama_sampler_sample(self._chain, context, -1))
        return self._next_allowed(context, self._candidates)

    def close(self) -> None:
        self._api.llama_sampler_free(self._chain)

    def _next_allowed(self, context: Any, candidates: "np.ndarray[Any, Any]") -> int:
        """As llama_sampler_sample, which would end the process when the grammar allows no token."""
        logits = self._api.llama_get_logits_ith(context, -1)
        candidates["id"] = np.arange(len(candidates))
        candidates["logit"] = np.ctypeslib.as_array(logits, (len(candidates),))
        data = candidates.ctypes.data_as(self._api.llama_token_data_p)
        found = self._api.llama_token_data_array(data, len(candidates), -1, False)
        self._api.llama_sampler_apply(self._chain, ctypes.byref(found))
        chosen = found.data[found.selected]
        if found.selected < 0 or math.isinf(chosen.logit):
            raise ModelError("The language model has no word that fits the JSON it was asked for.")
        self._api.llama_sampler_accept(self._chain, chosen.id)
        return int(chosen.id)

    def _grammar(self, library: Library, model: LlamaModel, schema: Schema) -> Any:
        made = self._api.llama_sampler_init_grammar(model.vocabulary, grammar(schema).encode(), b"root")
        if not made:
            raise library.failure(f"llama.cpp does not understand the grammar of {schema.__name__}")
        return made

    def _add(self, sampler: Any) -> None:
        self._api.llama_sampler_chain_add(self._chain, sampler)
