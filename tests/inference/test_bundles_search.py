"""An encoder of the owner's own searches the knowledge; everything else keeps the embedded one."""

from pathlib import Path

import numpy as np
import pytest

from socialai.errors import ModelMissing
from socialai.inference.bundles import installed
from socialai.inference.models import Models
from socialai.inference.serving import serving
from socialai.resources import resource
from tests import bundles


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    return bundles.make_search(tmp_path / "brought")


def test_it_searches_and_triage_keeps_its_own(brought: Path, tmp_path: Path) -> None:
    one = bundles.bring(tmp_path, brought)
    assert (one.id, one.bundle.kind) == ("search-1", "search")
    installed.activate(tmp_path, one.id)
    folder = serving(tmp_path).search
    assert folder == one.folder
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
    for name in ("first", "second"):
        installed.activate(tmp_path, bundles.bring(tmp_path, brought, name).id)
    (tmp_path / "models" / "search-2" / "tokenizer.json").unlink()
    chosen = serving(tmp_path)
    assert chosen.search == tmp_path / "models" / "search-1"
    assert "search-2/tokenizer.json is missing" in chosen.refused[0]


def test_what_is_damaged_is_no_bundle(brought: Path, tmp_path: Path) -> None:
    (brought / "model.onnx").write_bytes(b"nonsense")
    with pytest.raises(ModelMissing, match=r"model\.onnx is damaged"):
        bundles.bring(tmp_path, brought)
    assert serving(tmp_path).search is None
