"""socialai models: what travels with the program, whole and named."""

import importlib.util
import shutil
import tomllib
from pathlib import Path

import msgspec
import pytest

from socialai.cli.models import Name
from socialai.errors import InvalidInput, ModelError, ModelMissing
from socialai.inference.installed import PARTS, serving
from socialai.resources import resource
from socialai.settings import Settings
from tests.cli.conftest import Run

WITHOUT_TORCH = pytest.mark.skipif(
    importlib.util.find_spec("torch") is not None, reason="the models extra is installed here"
)


def test_the_list_names_licences_and_sizes(run: Run) -> None:
    listed = msgspec.json.decode(run("models", "list", "--json").stdout)
    assert [model["folder"] for model in listed] == ["encoder", "triage", "injection"]
    assert all(model["licence"] == "Apache-2.0" for model in listed)
    assert 20e6 < listed[0]["bytes"] < 30e6
    assert "all-minilm-l6-v2-int8" in run("models", "list").stdout


def test_the_shipped_models_are_whole(run: Run) -> None:
    done = run("models", "verify")
    assert done.exit_code == 0
    assert done.stdout.count("as they should be") == len(Name)


def test_a_set_is_verified_installed_listed_and_taken_back(run: Run, settings: Settings) -> None:
    assert run("models", "verify", resource("models")).stdout.count("as they should be") == len(PARTS)
    done = run("models", "install", resource("models"))
    assert done.exit_code == 0, done.output
    assert "when the hub is started again" in done.stdout
    assert serving(settings.data_dir).folder == settings.data_dir / "models" / "set-1"
    assert "triage" in run("models", "list").stdout
    assert str(resource("models")) in run("models", "rollback").stdout
    assert isinstance(run("models", "rollback").exception, InvalidInput)


def test_a_damaged_set_is_refused_and_what_serves_goes_on(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(resource("models"), tmp_path / "brought"))
    (folder / "injection" / "head.npz").unlink()
    for command in ("verify", "install"):
        refused = run("models", command, folder).exception
        assert isinstance(refused, ModelMissing)
        assert str(folder / "injection" / "head.npz") in str(refused)
    assert serving(settings.data_dir).folder == resource("models")


def test_a_set_that_broke_after_it_was_installed_is_said(run: Run, settings: Settings) -> None:
    run("models", "install", resource("models"))
    (settings.data_dir / "models" / "set-1" / "encoder" / "tokenizer.json").unlink()
    done = run("models", "verify")
    assert done.exit_code == 0
    assert "tokenizer.json is missing" in done.stderr


def test_the_catalogue_says_what_the_manifests_say() -> None:
    catalogue = tomllib.loads(resource("models", "models.toml").read_text(encoding="utf-8"))
    assert set(catalogue) == set(Name)
    for folder, listed in catalogue.items():
        manifest = msgspec.json.decode(resource("models", folder, "manifest.json").read_bytes())
        assert {name: file["sha256"] for name, file in manifest["files"].items()} == {
            name: file["sha256"] for name, file in listed["files"].items()
        }


def test_the_heads_belong_to_the_shipped_encoder() -> None:
    encoder, triage = (
        msgspec.json.decode(resource("models", name, "manifest.json").read_bytes())
        for name in ("encoder", "triage")
    )
    assert triage["encoder"].endswith(encoder["files"]["model.onnx"]["sha256"][:12])


def test_an_import_says_what_it_needs(run: Run, tmp_path: Path) -> None:
    assert "no modules.json" in str(run("models", "import", tmp_path).exception)
    assert "no modules.json" in str(run("models", "import").exception)
    assert "embedded" in str(run("models", "import", "--back").exception)


@WITHOUT_TORCH
def test_an_import_without_the_extra_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    done = run("models", "import", tmp_path)
    assert isinstance(done.exception, ModelError)
    assert "socialai-hub[models]" in str(done.exception)


@WITHOUT_TORCH
def test_building_says_what_it_needs(run: Run) -> None:
    done = run("models", "build", "--only", "triage")
    assert isinstance(done.exception, ModelError)
    assert "socialai-hub[models]" in str(done.exception)
