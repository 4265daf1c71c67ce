"""Recipes of models, run in a process of their own: torch would stay in this one."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence

from socialai.errors import ModelError
from socialai.resources import resource


def need_extra(modules: Sequence[str], what: str) -> None:
    absent = [module for module in modules if importlib.util.find_spec(module) is None]
    if absent:
        raise ModelError(
            f"{what} needs packages that are not installed ({', '.join(absent)}). "
            "Install them with: pip install 'socialai-hub[models]'"
        )


def run_recipe(name: str, *args: str) -> None:
    shared = os.environ.get("SOCIALAI_SHARED", str(resource("..", "shared").resolve()))
    done = subprocess.run(
        [sys.executable, "-m", f"recipes.{name}", *args],
        cwd=resource("models"),
        env={**os.environ, "SOCIALAI_SHARED": shared},
        check=False,
    )
    if done.returncode:
        raise ModelError(f"The recipe of {name} failed; its own words are above.")
