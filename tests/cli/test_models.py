"""socialai models: what travels with the program, whole and named."""

import importlib.util
import shutil
import tomllib
from pathlib import Path

import msgspec
import pytest

from socialai.cli.models import Name
from socialai.errors import InvalidInput, ModelError, ModelMissing, NotFound
from socialai.inference.serving import serving
from socialai.inference.sets import PARTS
from socialai.resources import resource
from socialai.settings import Settings
from tests import bundles
from tests.cli.conftest import Run

WITHOUT_TORCH = pytest.mark.skipif(
    importlib.util.find_spec("torch") is not None, reason="the models extra is installed here"
)


def test_the_list_names_licences_sizes_and_what_serves(run: Run) -> None:
    listed = msgspec.json.decode(run("models", "list", "--json").stdout)
    assert [model["kind"] for model in listed] == list(Name)
    assert {(model["licence"], model["state"]) for model in listed} == {("Apache-2.0", "serves")}
    assert 20e6 < listed[0]["bytes"] < 30e6
    assert "all-minilm-l6-v2-int8" in run("models", "list").stdout


def test_the_shipped_models_are_whole(run: Run) -> None:
    done = run("models", "verify")
    assert done.exit_code == 0
    assert done.stdout.count("as they should be") == len(Name)


def test_a_bundle_is_made_imported_activated_rolled_back_and_removed(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    made = tmp_path / "own.bundle"
    assert run("models", "verify", resource("models")).stdout.count("as they should be") == len(PARTS)
    done = run("models", "bundle", resource("models"), made, "--name", "our own", "--version", "2")
    assert done.exit_code == 0, done.output
    assert "our own 2: signed by this hub, 8 files as they should be" in run("models", "verify", made).stdout
    assert "set-1: our own 2, signed by this hub" in run("models", "import", made).stdout
    assert serving(settings.data_dir).set == resource("models")
    assert run("models", "activate", "set-1").exit_code == 0
    assert serving(settings.data_dir).set == settings.data_dir / "models" / "set-1"
    listed = {row["id"]: row["state"] for row in msgspec.json.decode(run("models", "list", "--json").stdout)}
    assert listed["set-1"] == "serves"
    assert "serves now" in str(run("models", "remove", "set-1").exception)
    assert "What travels with the program serves" in run("models", "rollback", "set").stdout
    assert isinstance(run("models", "rollback", "set").exception, InvalidInput)
    assert "our own 2 is gone" in run("models", "remove", "set-1").stdout
    assert serving(settings.data_dir).set == resource("models")


def test_a_damaged_set_is_no_bundle_and_a_damaged_bundle_is_refused(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(resource("models"), tmp_path / "brought"))
    made = tmp_path / "own.bundle"
    run("models", "bundle", folder, made)
    (folder / "injection" / "head.npz").unlink()
    for command in (("verify", folder), ("bundle", folder, tmp_path / "other.bundle")):
        refused = run("models", *command).exception
        assert isinstance(refused, ModelMissing)
        assert str(folder / "injection" / "head.npz") in str(refused)
    made.write_bytes(made.read_bytes()[:-10] + bytes(10))
    for command in ("verify", "import"):
        assert "is not what was signed" in str(run("models", command, made).exception)
    assert serving(settings.data_dir).set == resource("models")


def test_a_set_that_broke_after_it_was_activated_is_said(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    one = bundles.bring(settings.data_dir, bundles.make_set(tmp_path / "brought"))
    run("models", "activate", one.id)
    (one.folder / "encoder" / "tokenizer.json").unlink()
    done = run("models", "verify")
    assert done.exit_code == 0
    assert "tokenizer.json is missing" in done.stderr


def test_keys_are_made_trusted_and_no_longer_trusted(run: Run, tmp_path: Path) -> None:
    assert "No key is trusted yet" in run("models", "keys").stdout
    made = run("models", "new-key", tmp_path / "mine.key")
    public = made.stdout.split()[-1]
    source = bundles.make_llm(tmp_path / "tiny.gguf")
    signed = (
        "models",
        "bundle",
        source,
        tmp_path / "a.bundle",
        "--licence",
        "MIT",
        "--key",
        tmp_path / "mine.key",
    )
    assert run(*signed).exit_code == 0
    assert "not signed by a key that is trusted" in str(
        run("models", "import", tmp_path / "a.bundle").exception
    )
    run("models", "trust", "me", public)
    assert "me" in run("models", "keys").stdout
    run("models", "distrust", "me")
    assert "not signed by a key that is trusted" in str(
        run("models", "import", tmp_path / "a.bundle").exception
    )
    assert isinstance(run("models", "distrust", "me").exception, NotFound)


def test_a_model_without_a_licence_says_so_before_it_is_a_bundle(run: Run, tmp_path: Path) -> None:
    source = bundles.make_llm(tmp_path / "tiny.gguf")
    assert "Say it: --licence" in str(run("models", "bundle", source, tmp_path / "a.bundle").exception)
    assert "is no model" in str(run("models", "bundle", tmp_path, tmp_path / "a.bundle").exception)


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


@WITHOUT_TORCH
def test_an_encoder_of_ones_own_needs_the_extra(run: Run, tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    done = run("models", "bundle", tmp_path, tmp_path / "own.bundle")
    assert isinstance(done.exception, ModelError)
    assert "socialai-hub[models]" in str(done.exception)


@WITHOUT_TORCH
def test_building_says_what_it_needs(run: Run) -> None:
    done = run("models", "build", "--only", "triage")
    assert isinstance(done.exception, ModelError)
    assert "socialai-hub[models]" in str(done.exception)
