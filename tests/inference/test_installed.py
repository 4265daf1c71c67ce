"""Sets of models: one that cannot serve is refused by name, and the one before goes on."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from socialai.errors import InvalidInput, ModelMissing
from socialai.inference.installed import PARTS, install, serving, sets, take_back
from socialai.inference.models import Models
from socialai.resources import resource


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A whole set that somebody brings."""
    for name in PARTS:
        shutil.copytree(resource("models", name), tmp_path / "brought" / name)
    return tmp_path / "brought"


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


DAMAGES = [missing, truncated, changed, no_manifest, no_model, other_width, other_encoder]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_cannot_serve_is_refused_by_name_with_the_remedy(
    source: Path, data_dir: Path, damage: Callable[[Path], str]
) -> None:
    install(source, data_dir)
    before = serving(data_dir)
    wanted = damage(source)
    with pytest.raises(ModelMissing) as refused:
        install(source, data_dir)
    assert wanted in str(refused.value)
    assert "restore it from the release" in str(refused.value)
    assert serving(data_dir) == before
    assert sets(data_dir) == [before.folder]
    assert sorted(path.name for path in (data_dir / "models").iterdir()) == ["set-1", "set.list"]


def test_an_installed_set_serves_and_understands(source: Path, data_dir: Path) -> None:
    assert serving(data_dir).folder == resource("models")
    assert install(source, data_dir)[0].name == "all-minilm-l6-v2-int8"
    chosen = serving(data_dir)
    assert (chosen.folder, chosen.refused) == (data_dir / "models" / "set-1", ())
    models = Models(chosen.folder)
    models.warm()
    models.check()
    models.close()


@pytest.mark.parametrize("damage", [missing, truncated, changed, no_manifest, other_encoder])
def test_when_the_newest_breaks_the_one_before_serves(
    source: Path, data_dir: Path, damage: Callable[[Path], str]
) -> None:
    install(source, data_dir)
    install(source, data_dir)
    newest, before = sets(data_dir)
    said = damage(newest)
    assert serving(data_dir).folder == before
    [reason] = serving(data_dir).refused
    assert said in reason
    damage(before)
    assert serving(data_dir).folder == resource("models")
    assert len(serving(data_dir).refused) == 2


def test_two_sets_are_kept_and_taken_back_one_after_the_other(source: Path, data_dir: Path) -> None:
    for _ in range(3):
        install(source, data_dir)
    newest, before = sets(data_dir)
    assert len(list((data_dir / "models").glob("set-*"))) == 2
    assert take_back(data_dir) == before
    assert not newest.exists()
    assert take_back(data_dir) == resource("models")
    with pytest.raises(InvalidInput, match="embedded"):
        take_back(data_dir)


def test_a_list_of_sets_leads_nowhere_else(data_dir: Path) -> None:
    (data_dir / "models").mkdir()
    (data_dir / "models" / "set.list").write_text("../../etc\n/root")
    assert sets(data_dir) == [data_dir / "models" / "etc", data_dir / "models" / "root"]
    assert serving(data_dir).folder == resource("models")


def test_what_is_no_folder_is_said(tmp_path: Path, data_dir: Path) -> None:
    with pytest.raises(InvalidInput, match="no folder"):
        install(tmp_path / "nowhere", data_dir)
