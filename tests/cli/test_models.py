"""socialai models: what travels with the program, whole and named."""

import importlib.util
import tomllib

import msgspec
import pytest

from socialai.cli.models import Name
from socialai.errors import ModelError
from socialai.resources import resource
from tests.cli.conftest import Run


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


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is not None, reason="the models extra is installed here"
)
def test_building_says_what_it_needs(run: Run) -> None:
    done = run("models", "build", "triage")
    assert isinstance(done.exception, ModelError)
    assert "socialai-hub[models]" in str(done.exception)
