"""llama.cpp, loaded when first needed, quiet, and built so that it runs on this machine.

It has no reset on failure: some errors end the process, so a file is first tried in a process of its own.
"""

import ctypes
import importlib.util
import os
import sys
from collections import deque
from functools import cache
from typing import Any

from socialai.errors import ModelError, ModelMissing

_ERROR = 4
_MISSING = (
    "Models on this machine need llama-cpp-python, which is not installed. Replies are the knowledge's own "
    "sentences until it is: CMAKE_ARGS=-DGGML_NATIVE=OFF pip install --no-binary llama-cpp-python "
    "llama-cpp-python"
)


def installed() -> bool:
    return importlib.util.find_spec("llama_cpp") is not None


class Library:
    """`api` is the C interface, name by name as in llama.h."""

    def __init__(self) -> None:
        if not installed():
            raise ModelMissing(_MISSING)
        try:
            from llama_cpp import llama_cpp as api
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelMissing(f"llama-cpp-python is damaged; install it again: {error}") from error
        self.api: Any = api
        self._errors: deque[str] = deque(maxlen=3)
        self._log = api.llama_log_callback(self._keep)  # C holds it as long as the process lives
        api.llama_log_set(self._log, None)
        api.llama_backend_init()
        self._stop_when = _stop_when(api)

    def failure(self, what: str) -> ModelError:
        said = "; ".join(self._errors)
        self._errors.clear()
        return ModelError(f"{what}: {said}" if said else f"{what}.")

    def model_params(self) -> Any:
        params = self.api.llama_model_default_params()
        params.n_gpu_layers = 0
        # Else kernels for AMX are chosen where a compiler breaks them (llama.cpp #20824): the process dies.
        params.use_extra_bufts = False
        return params

    def watch(self, context: Any, flag: "ctypes.Array[ctypes.c_char]") -> None:
        """End a running evaluation when `flag` is no longer the empty string."""
        self.api.llama_set_abort_callback(context, self._stop_when, ctypes.cast(flag, ctypes.c_void_p))

    def _keep(self, level: int, text: bytes | None, _data: Any) -> None:
        if level == _ERROR and text:
            self._errors.append(text.decode("utf-8", "replace").strip())


@cache
def library() -> Library:
    return Library()


def _stop_when(api: Any) -> Any:
    """strlen says whether a string is empty, and is asked several hundred times a token: a Python function
    would wait for the interpreter each time."""
    c = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
    return ctypes.cast(c.strlen, api.ggml_abort_callback)


def threads() -> int:
    """One core is left for the rest of the program."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, usable - 1)
