"""How fast a model file writes here, beside the same library called bare, and what a known prompt saves."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from socialai.cli.benches.figure import Figure, at_least, at_most
from socialai.domain.engine import DEFAULT_CONTEXT
from socialai.inference.llama import LlamaCpp
from socialai.inference.llama_library import library, threads
from socialai.inference.llama_model import LlamaModel
from socialai.inference.llm import Limits, Part, Prompt, user_text

_SECONDS = 600.0
_SYSTEM = "You answer the customers of a shop for tents and sleeping bags. You are friendly and short. " * 8
_TASK = "Answer the question from the evidence only."


def measure(path: Path, rounds: int, tokens: int) -> list[Figure]:
    """Ours and bare in turn, so that what else the machine does slows both."""
    engine, bare = LlamaCpp(path), _bare(path)
    try:
        engine.write(_prompt("warm up", 1), deadline=_deadline())
        speeds = [(_ours(engine, each, tokens), bare(_prompt(each, tokens))) for each in _questions(rounds)]
        firsts = [_first_tokens(engine, each) for each in _questions(rounds)]
    finally:
        engine.close()
    ours, theirs = (median(side) for side in zip(*speeds, strict=True))
    cold, warm = (median(side) for side in zip(*firsts, strict=True))
    return [
        at_least(
            95,
            name="Tokens a second, of the library's own",
            value=100 * ours / theirs,
            unit="%",
            compared_to=f"{ours:.1f} to {theirs:.1f} of llama.cpp called bare",
        ),
        at_most(
            30,
            name="First token of a known prompt, of a new one's",
            value=100 * warm / cold,
            unit="%",
            compared_to=f"{warm:.0f} to {cold:.0f} ms",
        ),
    ]


def _ours(engine: LlamaCpp, question: str, tokens: int) -> float:
    """Tokens a second, after the first."""
    written = engine.write(_prompt(question, tokens), deadline=_deadline())
    return (written.tokens_out - 1) / (written.ms - written.first_token_ms) * 1000


def _first_tokens(engine: LlamaCpp, question: str) -> tuple[float, float]:
    """Milliseconds, of a prompt never read before and of another question to the same tenant."""
    new = msgspec.structs.replace(_prompt(question, 1), system=f"{question} {_SYSTEM}")
    known = msgspec.structs.replace(new, parts=(Part("question", "Something else?"),))
    first = engine.write(new, deadline=_deadline()).first_token_ms
    return first, engine.write(known, deadline=_deadline()).first_token_ms


def _bare(path: Path) -> Callable[[Prompt], float]:
    """The library's own loop, with its own settings for the same threads."""
    from llama_cpp import Llama

    llama = Llama(
        str(path), n_ctx=DEFAULT_CONTEXT, n_threads=threads(), n_threads_batch=threads(), verbose=False
    )
    model = LlamaModel(library(), path)

    def speed(prompt: Prompt) -> float:
        count, started = 0, 0.0
        for _ in _generated(llama, model.tokens(prompt.system, user_text(prompt)), prompt.limits):
            started = started or time.monotonic()
            count += 1
        return (count - 1) / (time.monotonic() - started)

    return speed


def _generated(llama: Any, tokens: list[int], limits: Limits) -> Iterator[int]:
    for _, token in zip(
        range(limits.max_tokens), llama.generate(tokens, temp=limits.temperature), strict=False
    ):
        if token == llama.token_eos():
            return
        yield token


def _prompt(question: str, tokens: int) -> Prompt:
    parts = (Part("evidence", "We ship to Norway for 9 EUR within 5 days."), Part("question", question))
    limits = Limits(max_tokens=tokens, temperature=0.7, seed=1)
    return Prompt(purpose="bench", system=_SYSTEM, parts=parts, task=_TASK, limits=limits)


def _questions(rounds: int) -> list[str]:
    return [f"What does it cost to ship {number} tents to Norway?" for number in range(1, rounds + 1)]


def _deadline() -> float:
    return time.monotonic() + _SECONDS
