"""What the models say of some texts, read by the encoder and the triage branch in one go."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.domain.triage import Understanding
from socialai.inference.encoder import Encoder
from socialai.inference.triage import TriageModel

Floats = NDArray[np.float32]

Asked = tuple[str, bool]
"""A text, and whether it shall be understood; if not, only its vector is wanted."""

Row = tuple[Floats, Floats | None]
"""A text's vector, and what the branch says of it if it was asked."""


class Reading(Struct, frozen=True):
    """Row n of each is text n. `said` are the branch's own numbers (`socialai.inference.heads`), which
    `understood` puts into words."""

    vectors: Floats
    said: Floats
    understood: list[Understanding]


def read(encoder: Encoder, triage: TriageModel, asked: Sequence[Asked]) -> list[Row]:
    """One row a text, in order."""
    rows: dict[int, Row] = {}
    for batch in encoder.read([text for text, _ in asked]):
        rows |= {place: (vector, None) for place, vector in zip(batch.places, batch.vectors, strict=True)}
        wanted = batch.take([row for row, place in enumerate(batch.places) if asked[place][1]])
        if wanted.places:
            said = triage.read(wanted, [asked[place][0] for place in wanted.places])
            rows |= {place: (rows[place][0], row) for place, row in zip(wanted.places, said, strict=True)}
    return [rows[place] for place in range(len(asked))]
