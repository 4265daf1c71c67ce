"""What people corrected, remembered: a message like a corrected one is understood as the person said.

Each correction votes for its label with a weight that falls with the distance of the vectors; the votes are
added to what the models said, so that a sure model needs more of them.
"""

import io
from collections.abc import Sequence
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from socialai.domain.correction import PARTS, Judgement, Part
from socialai.domain.triage import INTENTS, MOODS, URGENCIES
from socialai.errors import ModelError

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Places = NDArray[np.int64]

CLASSES: dict[Part, tuple[str, ...]] = {"intent": INTENTS, "mood": MOODS, "urgency": URGENCIES}
NEARNESS = 6.0
STRENGTHS = (2.0, 4.0, 8.0, 16.0, 32.0)
_SURE = 0.8  # what is taken for the confidence of mood and urgency, which have none


class CorrectionsModel:
    """`meant` holds a place in CLASSES for each part, a row a correction."""

    def __init__(self, vectors: Floats, meant: Places, strengths: Sequence[float]) -> None:
        self._vectors, self._meant, self._strengths = vectors, meant, tuple(strengths)

    def adjust(self, said: Sequence[Judgement], vectors: Floats) -> list[Judgement]:
        """Row n of `vectors` is message n."""
        return self._judge(said, likeness(vectors, self._vectors))

    def left_out(self, said: Sequence[Judgement]) -> list[Judgement]:
        """What it says of the messages it learnt from, each without its own correction."""
        near = likeness(self._vectors, self._vectors)
        np.fill_diagonal(near, 0)
        return self._judge(said, near)

    def _judge(self, said: Sequence[Judgement], near: Floats) -> list[Judgement]:
        scores = [
            opinions(said, part) + strength * votes(near, self._meant[:, place], part)
            for place, (part, strength) in enumerate(zip(PARTS, self._strengths, strict=True))
        ]
        return [_judged([part[row] for part in scores]) for row in range(len(said))]

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        vectors, strengths = self._vectors.astype(np.float16), np.array(self._strengths)
        np.savez_compressed(out, vectors=vectors, meant=self._meant, strengths=strengths)
        return out.getvalue()


def from_bytes(data: bytes) -> CorrectionsModel:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            vectors = kept["vectors"].astype(np.float32)
            return CorrectionsModel(vectors, kept["meant"], kept["strengths"].tolist())
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise ModelError(f"What was learnt from corrections is damaged: {error}") from error


def learn(vectors: Floats, said: Sequence[Judgement], meant: Sequence[Judgement]) -> CorrectionsModel:
    """For each part the strength that is right most often on corrections that are left out."""
    near = likeness(vectors, vectors)
    np.fill_diagonal(near, 0)
    wanted = coded(meant)
    strengths = []
    for place, part in enumerate(PARTS):
        own, cast = opinions(said, part), votes(near, wanted[:, place], part)
        right = [((own + s * cast).argmax(axis=1) == wanted[:, place]).mean() for s in STRENGTHS]
        strengths.append(STRENGTHS[int(np.argmax(right))])
    return CorrectionsModel(vectors, wanted, strengths)


def likeness(one: Floats, other: Floats) -> Floats:
    out: Floats = np.exp(NEARNESS * (one @ other.T - 1)).astype(np.float32)
    return out


def votes(near: Floats, meant: Places, part: Part) -> Doubles:
    """Shape (messages, classes of the part)."""
    out: Doubles = near.astype(np.float64) @ np.eye(len(CLASSES[part]))[meant]
    return out


def opinions(said: Sequence[Judgement], part: Part) -> Doubles:
    """Logarithms of chances: what the models said has their confidence, the others share the rest."""
    classes = CLASSES[part]
    out = np.empty((len(said), len(classes)))
    for row, judgement in enumerate(said):
        sure = min(max(judgement.confidence if part == "intent" else _SURE, 0.3), 0.99)
        out[row] = np.log((1 - sure) / (len(classes) - 1))
        out[row, classes.index(getattr(judgement, part))] = np.log(sure)
    return out


def coded(judgements: Sequence[Judgement]) -> Places:
    """A place in CLASSES for each part, a row a judgement."""
    rows = [[CLASSES[part].index(getattr(one, part)) for part in PARTS] for one in judgements]
    return np.array(rows, np.int64).reshape(len(rows), len(PARTS))


def _judged(scores: Sequence[Doubles]) -> Judgement:
    intent, mood, urgency = (int(part.argmax()) for part in scores)
    chances = np.exp(scores[0] - scores[0].max())
    sure = round(float(chances[intent] / chances.sum()), 4)
    return Judgement(INTENTS[intent], MOODS[mood], URGENCIES[urgency], sure)
