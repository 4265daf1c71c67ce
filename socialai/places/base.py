"""Where backups are put: the same four deeds everywhere. What goes wrong is a StoreError in plain words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Shelf(Protocol):
    def put(self, path: Path) -> None:
        """Whole or not at all under its own name."""

    def names(self) -> Sequence[str]:
        """Of everything there, sorted."""

    def fetch(self, name: str, target: Path) -> None: ...

    def remove(self, name: str) -> None: ...
