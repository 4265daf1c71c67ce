"""What the evaluations of one run share: the models in use, the data sets, and every text encoded once."""

import gzip
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from socialai import settings
from socialai.cli.evaluate.sets import Row
from socialai.inference.intents import Texts, read_texts
from socialai.inference.models import Models
from socialai.inference.serving import serving

Vectors = NDArray[np.float32]

_TIMEOUT = 3600.0
_PIECE = 2048


class Lab:
    def __init__(self, models: Models, folder: Path, shared: Path) -> None:
        self.models, self.folder = models, folder
        self._shared = shared
        self._sets: dict[str, list[Row]] = {}
        self._vectors: dict[str, Vectors] = {}
        self._blends: dict[str, Vectors] = {}

    def read(self, name: str) -> list[Row]:
        """The rows of `<set>/<split>`; FileNotFoundError when it is not there."""
        if name not in self._sets:
            with gzip.open(self._shared / "data" / f"{name}.jsonl.gz") as lines:
                self._sets[name] = [msgspec.json.decode(line) for line in lines]
        return self._sets[name]

    def encode(self, texts: Sequence[str]) -> Vectors:
        return _known(texts, self._vectors, self.models.encode)

    def texts(self, texts: Sequence[str]) -> Texts:
        """As a tenant's own intents are learnt and asked."""
        return read_texts(texts, _known(texts, self._blends, self.models.blend))


def _known(
    texts: Sequence[str], kept: dict[str, Vectors], make: Callable[[Sequence[str], float], Vectors]
) -> Vectors:
    """What is made of each text, each made once."""
    new = [text for text in dict.fromkeys(texts) if text not in kept]
    for start in range(0, len(new), _PIECE):
        piece = new[start : start + _PIECE]
        kept |= zip(piece, make(piece, _TIMEOUT), strict=True)
    return np.stack([kept[text] for text in texts])


@contextmanager
def opened() -> Iterator[Lab]:
    """The models that the hub of this data directory uses; the sets of $SOCIALAI_SHARED or ../shared."""
    folder = serving(settings.load().data_dir).set
    models = Models(folder, threads=os.cpu_count() or 1)
    try:
        yield Lab(models, folder, Path(os.environ.get("SOCIALAI_SHARED", "../shared")))
    finally:
        models.close()
