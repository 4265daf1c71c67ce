"""Where the files that travel with the program are: in a checkout, a wheel or the frozen executable."""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(*parts: str) -> Path:
    """The path of `web`, `models` or `migrations`, or of something below them."""
    frozen = getattr(sys, "_MEIPASS", None)
    installed = _PACKAGE / "_resources"
    root = Path(frozen) if frozen else installed if installed.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
