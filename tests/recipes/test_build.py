"""The triage is made from its recipe, on a sample, and what comes out loads and understands."""

import shutil
from pathlib import Path

import pytest

from socialai.domain.triage import INTENTS
from socialai.inference.installed import check_set
from socialai.inference.models import Models
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
