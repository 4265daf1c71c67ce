"""A folder of this machine, another disk or a share."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from socialai.errors import StoreError


class FolderShelf:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, path: Path) -> None:
        """A folder that is not there is not made: a disk that is not plugged in looks like one."""
        if path.parent == self._folder:
            return
        partial = self._folder / f"{path.name}.partial"
        try:
            shutil.copyfile(path, partial)
            partial.chmod(0o600)
            partial.replace(self._folder / path.name)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StoreError(
                f"{self._folder} cannot be written to: {error.strerror}. Is the disk there?"
            ) from None

    def names(self) -> Sequence[str]:
        return sorted(path.name for path in self._folder.glob("*") if path.is_file())

    def fetch(self, name: str, target: Path) -> None:
        try:
            shutil.copyfile(self._folder / name, target)
        except OSError as error:
            raise StoreError(f"{self._folder / name} cannot be read: {error.strerror}.") from None

    def remove(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)
