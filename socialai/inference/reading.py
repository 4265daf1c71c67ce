"""What the models say of some texts, read by the encoder and the triage branch in one go."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.domain.triage import Understanding
from socialai.inference.encoder import WIDTH, Batch, Encoder
from socialai.inference.triage import TriageModel

Floats = NDArray[np.float32]

Asked = tuple[str, bool]
"""A text, and whether it shall be understood; if not, only its vectors are wanted."""

Row = tuple[Floats, Floats, Floats | None]
"""A text's vector, its blend, and what the branch says of it if it was asked."""

BLENDED = 2 * WIDTH
MIDDLE = 0.6
"""How much the middle of the encoder counts beside its end; chosen on what the 10-shot splits of BANKING77
and CLINC150 leave of their training data."""


class Reading(Struct, frozen=True):
    """Row n of each is text n. `blends` tell a tenant's own intents apart; `said` are the branch's own
    numbers (`socialai.inference.heads`), which `understood` puts into words."""

    vectors: Floats
    blends: Floats
    said: Floats
    understood: list[Understanding]

    def take(self, rows: list[int]) -> "Reading":
        understood = [self.understood[row] for row in rows]
        return Reading(self.vectors[rows], self.blends[rows], self.said[rows], understood)


def read(encoder: Encoder, triage: TriageModel | None, asked: Sequence[Asked]) -> list[Row]:
    """One row a text, in order; without `triage` nothing is understood."""
    rows: dict[int, Row] = {}
    for batch in encoder.read([text for text, _ in asked]):
        said = _said(triage, batch, asked) if triage else {}
        for row, (place, blend) in enumerate(zip(batch.places, blends(batch), strict=True)):
            rows[place] = batch.vectors[row], blend, said.get(place)
    return [rows[place] for place in range(len(asked))]


def _said(triage: TriageModel, batch: Batch, asked: Sequence[Asked]) -> dict[int, Floats]:
    wanted = batch.take([row for row, place in enumerate(batch.places) if asked[place][1]])
    if not wanted.places:
        return {}
    said = triage.read(wanted, [asked[place][0] for place in wanted.places])
    return dict(zip(wanted.places, said, strict=True))


def blends(batch: Batch) -> Floats:
    """Shape (n, BLENDED), of length 1: the vector beside what the encoder's middle makes of the text. The
    middle knows more of the words, the end more of the meaning."""
    counts = batch.mask.astype(np.float32)
    means = (counts[:, None, :] @ batch.states)[:, 0, :]
    means *= MIDDLE / np.linalg.norm(means, axis=1, keepdims=True)
    both: Floats = (np.hstack([batch.vectors, means]) / np.hypot(1, MIDDLE)).astype(np.float32)
    return both
