"""settings show and check: every setting with its value and where it comes from."""

import json

from socialai.errors import SettingsError
from socialai.settings import Settings
from tests.cli.conftest import Run


def shown(run: Run, *args: str, **env: str) -> dict[str, tuple[str, str]]:
    found = json.loads(run("settings", "show", "--json", *args, **env).stdout)
    return {each["name"]: (each["value"], each["source"]) for each in found}


def test_every_setting_is_shown_with_where_it_comes_from(run: Run, settings: Settings) -> None:
    (settings.data_dir / "settings.toml").write_text("port = 9000\nworkers = 2\n")
    found = shown(run, SOCIALAI_WORKERS="3")
    assert set(found) == set(Settings.__struct_fields__)
    assert found["port"] == ("9000", "settings.toml")
    assert found["workers"] == ("3", "SOCIALAI_WORKERS")
    assert found["retry_seconds"] == ("60.0, 300.0, 900.0", "default")
    assert set(shown(run, "--changed")) == {"data_dir", "port", "workers"}


def test_what_is_wrong_is_named(run: Run, settings: Settings) -> None:
    assert "are right" in run("settings", "check").stdout
    misspelt = run("settings", "check", SOCIALAI_PROT="9000")
    assert isinstance(misspelt.exception, SettingsError)
    assert "SOCIALAI_PROT" in str(misspelt.exception)
    (settings.data_dir / "settings.toml").write_text("prot = 9000\n")
    unknown = run("settings", "check")
    assert isinstance(unknown.exception, SettingsError)
    assert "prot" in str(unknown.exception)
