"""Settings: read once, from settings.toml in the data directory and SOCIALAI_* variables; frozen."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import platformdirs
from msgspec import Struct

from socialai.errors import SettingsError

LLM_FOLDER = "llm"
FILE = "settings.toml"

Source = Literal["default", "settings.toml", "variable"]
_OF_THE_EXECUTABLE = {"SOCIALAI_EXECUTABLE", "SOCIALAI_PROGRAM_DIR", "SOCIALAI_SHARED"}
"""Where it is, where it unpacked itself, and where the tests of a checkout find shared data."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8700
    public_url: str = ""
    """Where platforms reach this machine, for example https://hub.example.com; empty: not from outside."""
    debounce_seconds: float = 4.0
    """How long a burst of messages must be quiet before it is answered."""
    retry_seconds: tuple[float, ...] = (60.0, 300.0, 900.0)
    """Waits between tries of a delivery; after the last one it becomes a dead letter."""
    reconcile_seconds: float = 15.0
    """How long after an unknown outcome the platform is asked whether the message arrived."""
    send_timeout_seconds: float = 10.0
    workers: int = 4
    max_webhook_bytes: int = 2 * 1024 * 1024
    max_upload_bytes: int = 20 * 1024 * 1024
    max_attachment_bytes: int = 10 * 1024 * 1024
    """Of a file that comes with a message."""
    fetch_private: tuple[str, ...] = ()
    """Web sites on this machine or its net, as host:port, that knowledge may be read from all the same."""
    fetch_pause_seconds: float = 1.0
    """Between two pages of one web site; its robots.txt may ask for more."""
    fetch_seconds: float = 15.0
    max_page_bytes: int = 5 * 1024 * 1024
    max_site_pages: int = 200
    low_disk_bytes: int = 1024 * 1024 * 1024
    """Where every page says that the disk fills up, before anything is refused."""
    session_hours: int = 24 * 14
    token_minutes: int = 60
    open_tenants: int = 64
    log_level: str = "INFO"

    @property
    def tenants_dir(self) -> Path:
        return self.data_dir / "tenants"

    @property
    def llm_dir(self) -> Path:
        """Where language models are that are chosen by name."""
        return self.data_dir / LLM_FOLDER

    @property
    def backups_dir(self) -> Path:
        return self.data_dir / "backups"


def default_data_dir() -> Path:
    return Path(platformdirs.user_data_dir("socialai-hub", appauthor=False))


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Environment over settings.toml over defaults; SettingsError names the offending one."""
    environ = os.environ if environ is None else environ
    data_dir = _data_dir(environ)
    values = _read_file(data_dir / FILE) | _read_variables(environ) | {"data_dir": str(data_dir)}
    for name in ("retry_seconds", "fetch_private"):
        if isinstance(values.get(name), str):
            values[name] = [part.strip() for part in values[name].split(",") if part.strip()]
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise SettingsError(
            f"A setting in {data_dir / FILE} or a SOCIALAI_ variable is wrong: {error}"
        ) from None


def sources(environ: Mapping[str, str] | None = None) -> dict[str, Source]:
    """Where the value of each setting comes from."""
    environ = os.environ if environ is None else environ
    in_file, in_variables = _read_file(_data_dir(environ) / FILE), _read_variables(environ)
    return {
        name: "variable" if name in in_variables else "settings.toml" if name in in_file else "default"
        for name in Settings.__struct_fields__
    }


def variable(name: str) -> str:
    """What a setting is called in the environment."""
    return f"SOCIALAI_{name.upper()}"


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """SOCIALAI_ variables that mean nothing; most are misspelt."""
    environ = os.environ if environ is None else environ
    known = {variable(name) for name in Settings.__struct_fields__} | _OF_THE_EXECUTABLE
    return sorted(name for name in environ if name.startswith("SOCIALAI_") and name not in known)


def _data_dir(environ: Mapping[str, str]) -> Path:
    return Path(environ.get(variable("data_dir")) or default_data_dir()).expanduser().absolute()


def _read_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    names = Settings.__struct_fields__
    return {name: environ[variable(name)] for name in names if variable(name) in environ}


def make_folders(settings: Settings) -> None:
    try:
        for folder in (settings.data_dir, settings.tenants_dir, settings.backups_dir):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"The data directory {settings.data_dir} cannot be made: {error.strerror}. "
            "Choose another with SOCIALAI_DATA_DIR."
        ) from None
    for place in (settings.data_dir, settings.data_dir / "app.db"):
        if place.exists() and not os.access(place, os.W_OK):
            raise SettingsError(
                f"{place} cannot be written by this user, so nothing could be kept. Give it to the user "
                "that runs the hub (chown -R), or choose another place with SOCIALAI_DATA_DIR."
            )


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise SettingsError(
            f"{path.parent} is a file and no folder. Choose another with SOCIALAI_DATA_DIR."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None


def _decode(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)
