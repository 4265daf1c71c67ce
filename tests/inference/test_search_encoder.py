"""An encoder of the owner's own searches the knowledge; everything else keeps the embedded one."""

import hashlib
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from socialai.errors import InvalidInput, ModelMissing
from socialai.inference import search_encoder
from socialai.inference.encoder import TAP
from socialai.inference.models import Models
from socialai.resources import resource


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """As the recipe leaves it: the embedded encoder under another name, and its layers too."""
    folder = Path(shutil.copytree(resource("models", "encoder"), tmp_path / "brought"))
    graph = (folder / "model.onnx").read_bytes().replace(TAP.encode(), b"x" * len(TAP))
    (folder / "model.onnx").write_bytes(graph)
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    manifest["name"] = "my-own"
    manifest["files"]["model.onnx"]["sha256"] = hashlib.sha256(graph).hexdigest()
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    return folder


def test_it_searches_and_triage_keeps_its_own(brought: Path, tmp_path: Path) -> None:
    assert search_encoder.install(brought, tmp_path).name == "my-own"
    folder = search_encoder.serving(tmp_path).folder
    assert folder == tmp_path / "models" / "search-1"
    models = Models(resource("models"), search=folder)
    assert models.searches_apart
    assert models.knowledge_version().startswith("my-own@")
    assert models.versions()["encoder"].startswith("all-minilm")
    assert np.allclose(models.encode_knowledge(["hello"]), models.encode(["hello"]))
    models.warm()
    models.check()
    models.close()


def test_without_one_the_same_encoder_does_both(models: Models) -> None:
    assert not models.searches_apart
    assert models.knowledge_version() == models.versions()["encoder"]
    assert (models.encode_knowledge(["hello"]) == models.encode(["hello"])).all()
    assert models.encode_knowledge([]).shape == (0, 384)


def test_when_it_breaks_another_searches_and_the_reason_is_said(brought: Path, tmp_path: Path) -> None:
    search_encoder.install(brought, tmp_path)
    search_encoder.install(brought, tmp_path)
    (tmp_path / "models" / "search-2" / "tokenizer.json").unlink()
    chosen = search_encoder.serving(tmp_path)
    assert chosen.folder == tmp_path / "models" / "search-1"
    assert "search-2/tokenizer.json is missing" in chosen.refused[0]
    assert search_encoder.take_back(tmp_path) == tmp_path / "models" / "search-1"
    assert search_encoder.take_back(tmp_path) is None
    with pytest.raises(InvalidInput, match="embedded"):
        search_encoder.take_back(tmp_path)


def test_what_is_damaged_is_refused(brought: Path, tmp_path: Path) -> None:
    (brought / "model.onnx").write_bytes(b"nonsense")
    with pytest.raises(ModelMissing, match=r"model\.onnx is damaged"):
        search_encoder.install(brought, tmp_path)
    assert search_encoder.serving(tmp_path).folder is None
