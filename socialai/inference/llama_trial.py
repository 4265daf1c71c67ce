"""A model file is first tried in a process of its own: what ends llama.cpp then ends no hub."""

import signal
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from socialai.errors import ModelRefused
from socialai.inference.llama_library import library
from socialai.inference.llama_memory import LlamaMemory
from socialai.inference.llama_model import LlamaModel, check_file
from socialai.inference.llama_sampler import Sampler
from socialai.inference.llm import Limits, Prompt
from socialai.inference.request import Request

_SECONDS = 300
_CONTEXT = 1024


def check(path: Path) -> None:
    """Raises ModelMissing or ModelRefused. A file that passed is not tried again while it stays as it is."""
    check_file(path)
    library()
    facts = path.stat()
    _try(path, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=64)
def _try(path: Path, _size: int, _changed: int) -> None:
    try:
        done = subprocess.run(
            [*_program(), str(path)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ModelRefused(f"{path.name} did not write a word within {_SECONDS} seconds.") from None
    if done.returncode:
        raise ModelRefused(f"{path.name} cannot be used: {_reason(done)}")


def _program() -> list[str]:
    """Frozen, the executable is no Python; both know the command."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "engine", "try"]
    return [sys.executable, "-m", "socialai.inference.llama_trial"]


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0:
        return f"llama.cpp ended with {signal.Signals(-done.returncode).name} on trying it."
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[-1] if said else f"trying it ended with code {done.returncode}."


def write_a_word(path: Path) -> str:
    """What the process of its own does. Raises ModelError, or ends it."""
    model = LlamaModel(library(), path)
    memory = LlamaMemory(library(), model, _CONTEXT, lambda _: None)
    prompt = Prompt(purpose="trial", system="You are polite.", parts=(), task="Say hello.")
    tokens = model.tokens(prompt.system, prompt.task)
    memory.read(tokens, Request(prompt, deadline=float("inf")))
    sampler = Sampler(library(), model, Limits(temperature=0), None)
    word = model.text([sampler.next(memory.handle)]).decode("utf-8", "replace")
    sampler.close()
    memory.close()
    model.close()
    return word


if __name__ == "__main__":
    try:
        write_a_word(Path(sys.argv[1]))
    except Exception as error:  # noqa: BLE001 - all it can say goes to who started it
        sys.exit(str(error))
