"""Sets of models that understand: one that cannot serve is refused by name, and the one before goes on."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from socialai.errors import ModelMissing
from socialai.inference.bundles import installed
from socialai.inference.models import Models
from socialai.inference.serving import serving
from socialai.inference.sets import check_set, try_out
from socialai.resources import resource
from tests import bundles


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A whole set that somebody brings."""
    return bundles.make_set(tmp_path / "brought")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def state(path: Path) -> None:
    """Give a file that was changed on purpose its right checksum again."""
    manifest = path.with_name("manifest.json")
    said = msgspec.json.decode(manifest.read_bytes())
    data = path.read_bytes()
    said["files"][path.name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    manifest.write_bytes(msgspec.json.encode(said))


def missing(source: Path) -> str:
    (source / "encoder" / "tokenizer.json").unlink()
    return "encoder/tokenizer.json is missing"


def truncated(source: Path) -> str:
    path = source / "encoder" / "model.onnx"
    path.write_bytes(path.read_bytes()[:100_000])
    return "encoder/model.onnx is damaged: 100,000 bytes instead of"


def changed(source: Path) -> str:
    path = source / "injection" / "head.npz"
    path.write_bytes(bytes(path.stat().st_size))
    return "injection/head.npz is damaged: its checksum is another"


def no_manifest(source: Path) -> str:
    (source / "triage" / "manifest.json").write_text("[]")
    return "triage is damaged: manifest.json is no manifest"


def no_model(source: Path) -> str:
    path = source / "encoder" / "model.onnx"
    path.write_bytes(b"nonsense")
    state(path)
    for name in ("triage", "injection"):
        _make_for(source, name, hashlib.sha256(b"nonsense").hexdigest()[:12])
    return "encoder/model.onnx"


def other_width(source: Path) -> str:
    path = source / "injection" / "head.npz"
    with np.load(path) as arrays:
        kept = {**arrays, "vector": np.zeros(100)}
    np.savez(path, **kept)
    state(path)
    return "injection cannot be used"


def other_encoder(source: Path) -> str:
    _make_for(source, "injection", "0" * 12)
    return "injection was made for the encoder all-minilm-l6-v2-int8@000000000000"


def _make_for(source: Path, name: str, version: str) -> None:
    path = source / name / "manifest.json"
    said = msgspec.json.decode(path.read_bytes())
    said["encoder"] = f"all-minilm-l6-v2-int8@{version}"
    path.write_bytes(msgspec.json.encode(said))


def used(source: Path) -> None:
    check_set(source)
    try_out(source)


DAMAGES = [missing, truncated, changed, no_manifest, no_model, other_width, other_encoder]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_cannot_serve_is_refused_by_name_with_the_remedy(
    source: Path, damage: Callable[[Path], str]
) -> None:
    wanted = damage(source)
    with pytest.raises(ModelMissing) as refused:
        used(source)
    assert wanted in str(refused.value)
    assert "restore it from the release" in str(refused.value)


def test_an_activated_set_serves_and_understands(source: Path, data_dir: Path) -> None:
    assert serving(data_dir).set == resource("models")
    one = bundles.bring(data_dir, source)
    assert serving(data_dir).set == resource("models")
    installed.activate(data_dir, one.id)
    chosen = serving(data_dir)
    assert (chosen.set, chosen.search, chosen.refused) == (data_dir / "models" / "set-1", None, ())
    models = Models(chosen.set)
    models.warm()
    models.check()
    models.close()


@pytest.mark.parametrize("damage", [missing, truncated, changed, no_manifest, other_encoder])
def test_when_the_active_one_breaks_the_one_before_serves(
    source: Path, data_dir: Path, damage: Callable[[Path], str]
) -> None:
    before, newest = (bundles.bring(data_dir, source, name) for name in ("before", "newest"))
    for one in (before, newest):
        installed.activate(data_dir, one.id)
    said = damage(newest.folder)
    assert serving(data_dir).set == before.folder
    [reason] = serving(data_dir).refused
    assert said in reason
    damage(before.folder)
    assert serving(data_dir).set == resource("models")
    assert len(serving(data_dir).refused) == 2
