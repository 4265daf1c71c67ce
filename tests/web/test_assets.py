"""The third-party files: fetched once, named with their licences, complete for what the pages ask for."""

import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from socialai.resources import resource

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def vendor_assets() -> ModuleType:
    path = ROOT / "packaging" / "vendor_assets.py"
    spec = importlib.util.spec_from_file_location("vendor_assets", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A copy of web/ with the files in it."""
    return Path(shutil.copytree(resource("web"), tmp_path / "web"))


def _templates() -> str:
    return "\n".join(path.read_text() for path in resource("web", "templates").rglob("*.html"))


def test_what_is_there_is_not_fetched_again(vendor_assets: ModuleType, web: Path) -> None:
    assert vendor_assets.is_current(web, web / "static" / "vendor")


@pytest.mark.parametrize("name", ["htmx.min.js", "MANIFEST.json"])
def test_a_missing_or_changed_file_is_noticed(vendor_assets: ModuleType, web: Path, name: str) -> None:
    file = web / "static" / "vendor" / name
    file.write_text("changed")
    assert not vendor_assets.is_current(web, web / "static" / "vendor")
    file.unlink()
    assert not vendor_assets.is_current(web, web / "static" / "vendor")


def test_another_lock_means_other_files(vendor_assets: ModuleType, web: Path) -> None:
    lock = web / "package-lock.json"
    lock.write_text(lock.read_text().replace('"version"', '"version" ', 1))
    assert not vendor_assets.is_current(web, web / "static" / "vendor")


def test_every_package_of_the_manifest_is_the_locked_one_with_its_licence() -> None:
    manifest = json.loads(resource("web", "static", "vendor", "MANIFEST.json").read_text())
    locked = json.loads(resource("web", "package-lock.json").read_text())["packages"]
    for package in manifest["packages"]:
        assert package["version"] == locked[f"node_modules/{package['name']}"]["version"]
        assert package["licence"] in ("0BSD", "MIT", "Apache-2.0")


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in resource("web", "package-lock.json").read_text()


def test_every_asset_a_template_names_is_there() -> None:
    named = set(re.findall(r"static\('([^']+)'\)", _templates()))
    assert named
    assert [name for name in named if not resource("web", "static", name).is_file()] == []


def test_every_icon_is_in_the_sprite() -> None:
    sprite = set(
        re.findall(r'<symbol id="([^"]+)"', resource("web", "static", "vendor", "icons.svg").read_text())
    )
    asked = set(re.findall(r'(?:icon|mark|empty|deed)\("([a-z0-9-]+)"', _templates()))
    deeds = {"take-over", "give-back", "resolve", "reopen"}
    assert asked - deeds - {"brand-"} <= sprite


def test_our_scripts_and_styles_ask_nothing_of_the_outside() -> None:
    for name in ("app.js", "app.css", "theme.js"):
        text = resource("web", "static", name).read_text()
        assert not re.search(r"https?://|@import|url\((?!#)", text), name


def test_the_vendored_files_bring_no_source_maps() -> None:
    for file in resource("web", "static", "vendor").rglob("*.[jc]s*"):
        if file.suffix in (".js", ".css"):
            assert "sourceMappingURL=" not in file.read_text(encoding="utf-8")[-400:], file.name
