"""Read the public data sets that lie beside the project (never committed)."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("SOCIALAI_SHARED", Path(__file__).parents[3] / "shared"))
RECIPES = Path(__file__).parent

Row = dict[str, Any]


def read_set(name: str) -> list[Row]:
    """The rows of `<set>/<split>`, for example `banking77/train`."""
    with gzip.open(SHARED / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_own(name: str) -> list[Row]:
    text = (RECIPES / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def texts_of(name: str, column: str = "text") -> list[str]:
    """Without repeats, in the order of the file."""
    return list(dict.fromkeys(str(row[column]) for row in read_set(name)))
