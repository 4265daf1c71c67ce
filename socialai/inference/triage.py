"""Token states of the encoder to intent, mood, urgency and what else can be seen in a message."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from socialai.domain.triage import INTENTS, MOODS, URGENCIES, Marks, Mood, Sentiment, Understanding
from socialai.errors import ModelMissing
from socialai.inference.encoder import WIDTH, Batch
from socialai.inference.heads import CHOICES, EMOTIONS, MARKS, OUTPUTS, PARTS, place_of
from socialai.inference.manifest import read_manifest, unusable
from socialai.inference.session import load_session
from socialai.inference.surface import FEATURES, surface

Floats = NDArray[np.float32]

BRANCH_FILE, CALIBRATION_FILE = "model.onnx", "calibration.json"
ANGRY, NEGATIVE, POSITIVE = -0.7, -0.2, 0.2
ELSEWHERE = "mood_elsewhere"
"""How moods lean in texts that nobody writes to a shop: there most are told by less."""

_CENTRES = np.array([-0.85, -0.5, 0.05, 0.6], np.float32)
_LEAST = np.array([-1.0, -0.7, -0.2, 0.201], np.float32)
_MOST = np.array([-0.701, -0.201, 0.2, 1.0], np.float32)
"""For each of MOODS: where it lies, and between which scores."""


class Calibration(Struct, frozen=True):
    """How the branch's numbers are read, chosen on messages that it had not learnt from.

    A choice is what has most after `leanings` were added; its chance is found with its temperature. A mark or
    emotion is there when its number is over its border.
    """

    temperatures: dict[str, float]
    leanings: dict[str, tuple[float, ...]]
    borders: dict[str, float]


class TriageModel:
    """What `models/recipes/triage.py` trained; made for the states of one encoder version only.

    What it says is a row of OUTPUTS numbers a text (`socialai.inference.heads`); all else reads these.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        manifest = read_manifest(folder)
        self.version = f"{manifest.name}@{manifest.files[BRANCH_FILE].sha256[:12]}"
        self._calibration = _load_calibration(folder / CALIBRATION_FILE)
        self._session = _load_branch(folder / BRANCH_FILE, threads)

    def read(self, batch: Batch, texts: Sequence[str]) -> Floats:
        """Row n is what it says of `texts[n]`, whose states are row n of the batch."""
        surfaces = np.array([surface(text) for text in texts], np.float32)
        given = {"states": batch.states, "mask": batch.mask.astype(np.float32), "surfaces": surfaces}
        said: Floats = self._session.run(["said"], given)[0]
        return said

    def understand(self, said: Floats) -> list[Understanding]:
        """One a row."""
        if not len(said):
            return []
        intents, chances = self.chosen(said, "intent"), self.chances(said, "intent")
        moods, urgencies = self.chosen(said, "mood"), self.chosen(said, "urgency")
        scores = np.clip(self.chances(said, "mood") @ _CENTRES, _LEAST[moods], _MOST[moods])
        marks = 1 / (1 + np.exp(-said[:, PARTS["marks"]].astype(np.float64)))
        alarms, strange = self.has(said, "alarm"), ~self.has(said, "business")
        return [
            Understanding(
                intent=INTENTS[intents[row]],
                confidence=round(float(chances[row, intents[row]]), 4),
                sentiment=Sentiment(MOODS[moods[row]], round(float(scores[row]), 3)),
                urgency=URGENCIES[urgencies[row]],
                marks=Marks(*(round(float(chance), 3) for chance in marks[row])),
                alarm=bool(alarms[row]),
                off_topic=bool(strange[row]),
            )
            for row in range(len(said))
        ]

    def chosen(self, said: Floats, choice: str) -> NDArray[np.int64]:
        """For each row the place of the name in CHOICES[choice]."""
        found: NDArray[np.int64] = (said[:, PARTS[choice]] + self._leaning(said, choice)).argmax(axis=1)
        return found

    def _leaning(self, said: Floats, choice: str) -> Floats:
        """The more a text is like a shop's, the more it is judged like those."""
        leaning = np.array(self._calibration.leanings[choice], np.float32)
        if choice != "mood":
            return leaning
        elsewhere = np.array(self._calibration.leanings[ELSEWHERE], np.float32)
        business = 1 / (1 + np.exp(-said[:, place_of("business"), None].astype(np.float64)))
        return (business * leaning + (1 - business) * elsewhere).astype(np.float32)

    def chances(self, said: Floats, choice: str) -> Floats:
        """Calibrated, in the order of CHOICES[choice]."""
        values = said[:, PARTS[choice]] / self._calibration.temperatures[choice]
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        out: Floats = powers / powers.sum(axis=1, keepdims=True)
        return out

    def has(self, said: Floats, name: str) -> NDArray[np.bool_]:
        """Which rows have a mark or an emotion."""
        found: NDArray[np.bool_] = said[:, place_of(name)] > self._calibration.borders[name]
        return found


def mood(score: float) -> Mood:
    if score < ANGRY:
        return "angry"
    if score < NEGATIVE:
        return "negative"
    return "positive" if score > POSITIVE else "neutral"


def _load_branch(path: Path, threads: int) -> Any:
    session = load_session(path, threads)
    widths = {item.name: item.shape[-1] for item in (*session.get_inputs(), *session.get_outputs())}
    if (widths.get("states"), widths.get("surfaces"), widths.get("said")) != (WIDTH, FEATURES, OUTPUTS):
        raise ModelMissing(unusable(path, "its numbers are not of the width that is read here"))
    return session


def _load_calibration(path: Path) -> Calibration:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except (OSError, msgspec.DecodeError) as error:
        raise ModelMissing(unusable(path, error)) from error
    widths = {name: len(names) for name, names in CHOICES.items()}
    leanings = {name: len(values) for name, values in found.leanings.items()}
    complete = found.temperatures.keys() == widths.keys() and {*MARKS, *EMOTIONS} <= found.borders.keys()
    if not complete or leanings != widths | {ELSEWHERE: widths["mood"]}:
        raise ModelMissing(unusable(path, "it does not say how everything is to be read"))
    return found
