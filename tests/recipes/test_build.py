"""The triage is made from its recipe, on a sample, and what comes out loads and understands."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from socialai.cli.models import Name
from socialai.domain.triage import INTENTS
from socialai.inference.models import Models
from socialai.inference.sets import check_set
from socialai.resources import resource
from tests.cli.conftest import Run

pytest.importorskip("torch", reason="needs the models extra: make test-models")


def test_the_triage_is_made_loads_and_understands(run: Run, tmp_path: Path) -> None:
    done = run("models", "build", "--only", "triage", "--quick", "--to", tmp_path)
    assert done.exit_code == 0, done.exception
    for name in ("encoder", "injection"):
        shutil.copytree(resource("models", name), tmp_path / name)
    check_set(tmp_path)
    models = Models(tmp_path)
    [said] = models.read(["Where is my order 10482?"]).understood
    assert said.intent in INTENTS
    assert 0 <= said.confidence <= 1
    models.close()


@pytest.mark.parametrize("name", list(Name))
def test_every_recipe_can_be_told_where_to_put_the_model(name: str) -> None:
    asked = [sys.executable, "-m", f"recipes.{name}", "--help"]
    told = subprocess.run(asked, cwd=resource("models"), capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "--out" in told.stdout
