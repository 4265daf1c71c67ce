"""Any sentence-transformers folder becomes an encoder of the search: here tiny ones, made on the spot."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from socialai.inference import search_encoder
from socialai.inference.encoder import Encoder
from socialai.settings import Settings
from tests.cli.conftest import Run

pytest.importorskip("torch", reason="needs the models extra: make test-models")


@pytest.mark.parametrize("width", [32, 400], ids=["narrower", "wider"])
def test_a_folder_that_an_owner_brings_searches(
    run: Run, settings: Settings, tmp_path: Path, width: int
) -> None:
    maker = Path(__file__).with_name("tiny.py")
    subprocess.run([sys.executable, maker, tmp_path, str(width)], check=True, capture_output=True)
    done = run("models", "import", tmp_path / "tiny")
    assert done.exit_code == 0, done.exception
    folder = search_encoder.serving(settings.data_dir).folder
    assert folder
    encoder = Encoder(folder, tap="")
    vectors = encoder.encode(["where is my order?", "hi", ""])
    assert encoder.version.startswith("tiny@")
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert (np.abs(vectors[:, width:]).max() == 0) if width < 384 else np.abs(vectors[:, -1]).max() > 0
