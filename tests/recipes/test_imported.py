"""Any sentence-transformers folder becomes an encoder of the search: here tiny ones, made on the spot."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from socialai.inference.bundles import installed
from socialai.inference.encoder import Encoder
from socialai.inference.serving import serving
from socialai.settings import Settings
from tests.cli.conftest import Run

pytest.importorskip("torch", reason="needs the models extra: make test-models")


@pytest.mark.parametrize("width", [32, 400], ids=["narrower", "wider"])
def test_a_folder_that_an_owner_brings_searches(
    run: Run, settings: Settings, tmp_path: Path, width: int
) -> None:
    maker = Path(__file__).with_name("tiny.py")
    subprocess.run([sys.executable, maker, tmp_path, str(width)], check=True, capture_output=True)
    done = run("models", "bundle", tmp_path / "tiny", tmp_path / "tiny.bundle", "--licence", "MIT")
    assert done.exit_code == 0, done.exception
    one = installed.import_file(tmp_path / "tiny.bundle", settings.data_dir)
    installed.activate(settings.data_dir, one.id)
    folder = serving(settings.data_dir).search
    assert folder
    encoder = Encoder(folder, tap="")
    vectors = encoder.encode(["where is my order?", "hi", ""])
    assert encoder.version.startswith("tiny@")
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert (np.abs(vectors[:, width:]).max() == 0) if width < 384 else np.abs(vectors[:, -1]).max() > 0
