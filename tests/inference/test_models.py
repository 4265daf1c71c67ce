"""The models of a process: loaded when first needed, by many threads, checked by their sums."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from socialai.errors import ModelMissing
from socialai.inference.models import Models
from socialai.resources import resource


def test_many_threads_get_the_same_vectors(models: Models) -> None:
    texts = [f"Where is my order {number}?" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        vectors = np.vstack(list(pool.map(lambda text: models.encode([text]), texts)))
    assert np.allclose(vectors, models.encode(texts), atol=1e-4)
    assert models.encode([]).shape == (0, 384)


def test_the_shipped_files_are_what_their_manifests_say(models: Models) -> None:
    models.check()
    assert set(models.versions()) == {"encoder", "triage", "injection"}


@pytest.mark.parametrize(
    "name",
    [
        "encoder/model.onnx",
        "encoder/tokenizer.json",
        "triage/model.onnx",
        "triage/calibration.json",
        "injection/head.npz",
    ],
)
def test_an_absent_or_changed_file_is_found(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(resource("models"), tmp_path / "models"))
    changed = Models(folder)
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(ModelMissing, match="damaged"):
        changed.check()
    (folder / name).unlink()
    with pytest.raises(ModelMissing, match="missing"):
        changed.check()
    changed.close()


def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    nowhere = Models(tmp_path)
    with pytest.raises(ModelMissing):
        nowhere.encode(["hello"])
    with pytest.raises(ModelMissing):
        nowhere.warm()
    nowhere.close()


def test_heavy_libraries_stay_away_from_the_start() -> None:
    code = "import sys, socialai.inference.models; print({'onnxruntime', 'tokenizers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
