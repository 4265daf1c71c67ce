"""BEGIN: does the passage say what a dialogue model said with it? Only measured, nothing is learnt from it.

The floor is plain: how many of the reply's words the passage has.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.retrieval import read_lines
from socialai.cli.evaluate.sets import Row, area
from socialai.domain.support import Candidate
from socialai.inference.encoder import Encoder
from socialai.inference.support import SupportModel
from socialai.knowledge.chunk import sentences
from socialai.knowledge.index import Encode
from socialai.resources import resource

SPLITS = ("dev_wow", "dev_cmu", "dev_tc", "test_wow")
SUPPORTED = "Fully attributable"
_WORD = re.compile(r"\w+")


def run(shared: Path) -> Iterator[Result]:
    encode = Encoder(resource("models", "encoder")).encode
    judge = SupportModel(resource("models", "support"))
    rows = [row for split in SPLITS for row in read_lines(shared / f"data/begin/{split}.jsonl.gz")]
    ours = _area([_support(judge, encode, row) for row in rows], rows)
    plain = _area([_word_overlap(row) for row in rows], rows)
    floor = f"word overlap {plain:.3f}" if plain is not None else "word overlap .939"
    yield Result("BEGIN supported or not", ours, "AUROC", floor)


def _area(scores: Sequence[float], rows: Sequence[Row]) -> float | None:
    pairs = list(zip(scores, rows, strict=True))
    said = [score for score, row in pairs if row["begin_label"] == SUPPORTED]
    return area(said, [score for score, row in pairs if row["begin_label"] != SUPPORTED])


def _support(judge: SupportModel, encode: Encode, row: Row) -> float:
    """The mean over the reply's letters: long sentences say more."""
    passage, reply = row["knowledge"], sentences(row["response"]) or [row["response"]]
    held = sentences(passage) or [passage]
    near = encode(reply) @ encode(held).T
    supports = [
        judge.judge(
            claim, [Candidate(text, "", passage, float(at)) for text, at in zip(held, each, strict=True)]
        )
        for claim, each in zip(reply, near, strict=True)
    ]
    lengths = [max(1, len(claim)) for claim in reply]
    return float(np.average([one.support for one in supports], weights=lengths))


def _word_overlap(row: Row) -> float:
    there = set(_WORD.findall(row["knowledge"].lower()))
    said = _WORD.findall(row["response"].lower())
    return sum(word in there for word in said) / max(1, len(said))
