"""Folders of models that were installed, newest first; `models/<kind>.list` in the data folder names them."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from socialai.errors import InvalidInput, ModelError

Kind = Literal["set", "search"]

_KEPT = 2


def kept(data_dir: Path, kind: Kind) -> list[Path]:
    try:
        names = (data_dir / "models" / f"{kind}.list").read_text(encoding="utf-8").split()
    except OSError:
        return []
    return [data_dir / "models" / Path(name).name for name in names]


@contextmanager
def added(data_dir: Path, kind: Kind) -> Iterator[Path]:
    """A folder to fill; it is the newest when that succeeds, and gone when it does not."""
    new = _unused(data_dir / "models", kind)
    try:
        yield new
        _write([new, *kept(data_dir, kind)], data_dir, kind)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise InvalidInput(f"It cannot be installed in {data_dir}: {error.strerror}.") from error
    except ModelError:
        shutil.rmtree(new, ignore_errors=True)
        raise


def drop_newest(data_dir: Path, kind: Kind) -> None:
    newest, *others = kept(data_dir, kind)
    _write(others, data_dir, kind)
    shutil.rmtree(newest, ignore_errors=True)


def _unused(folder: Path, kind: Kind) -> Path:
    number = 1
    while (folder / f"{kind}-{number}").exists():
        number += 1
    return folder / f"{kind}-{number}"


def _write(folders: Sequence[Path], data_dir: Path, kind: Kind) -> None:
    """In one step: the file is written beside and then renamed."""
    new = data_dir / "models" / f"{kind}.list.new"
    new.write_text("\n".join(folder.name for folder in folders[:_KEPT]), encoding="utf-8")
    new.replace(new.with_suffix(""))
    for folder in folders[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
