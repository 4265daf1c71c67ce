"""Does a text try to instruct the assistant? A small head over the encoder's vector and its words."""

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from socialai.errors import ModelMissing
from socialai.inference.manifest import read_manifest

Floats = NDArray[np.float32]

BUCKETS = 4096
MAX_LETTERS = 2000
SIGNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"\b(?:ignore|disregard|forget|override|bypass|overrule|void)\b.{0,40}"
        r"\b(?:instructions?|prompts?|rules|guidelines|polic(?:y|ies)|previous|above|earlier|told|training)\b",
        r"\bsystem prompt\b"
        r"|\byour (?:system |hidden |initial )?(?:prompt|instructions|guidelines|configuration)\b",
        r"\b(?:your|the|this|every|each|next) (?:\w+ )?(?:response|repl(?:y|ies)|answers?|output|message)\b",
        r"```|\bimport \w+|<script|\bsubprocess\b|\bos\.system"
        r"|\bcode (?:snippet|block|excerpt|segment|section)",
        r"<\|?/?(?:im_|system|user)|\[(?:inst|system)|###|\b(?:system|assistant)\s*:"
        r"|\b(?:new|updated) instruction",
        r"\b(?:you are (?:now|no longer|going to)|act as|pretend|role-?play|simulate|from now on)\b",
        r"\b(?:jailbreak|dan|unfiltered|uncensored|amoral|developer mode|no restrictions|in character)\b",
        r"\b(?:chatgpt|openai|gpt|language model|chat ?bot|an? ai\b|ai assistant|the ai\b)",
    )
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_MOST_PARTS = 12
_LEAST_LETTERS = 12
_TOKEN = re.compile(r"[^\W\d_]+|[^\w\s]")


class InjectionModel:
    """What `models/recipes/injection.py` trained; made for the vectors of one encoder version only."""

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        self.version = f"{manifest.name}@{manifest.files['head.npz'].sha256[:12]}"
        arrays = _load_arrays(folder / "head.npz")
        self._vector, self._words = arrays["vector"], arrays["words"]
        self._signs, self._bias = arrays["signs"], arrays["bias"]

    def chances(self, texts: Sequence[str], vectors: Floats) -> list[float]:
        """0…1, one a text; over 0.5 it is flagged. Row n of `vectors` is text n."""
        return [
            round(float(1 / (1 + np.exp(-(self._worst(text) + vector @ self._vector)))), 4)
            for text, vector in zip(texts, vectors, strict=True)
        ]

    def _worst(self, text: str) -> float:
        return max(self._score(part) for part in parts(text))

    def _score(self, text: str) -> float:
        places = buckets(text)
        words = self._words[places].sum() / np.sqrt(max(1, len(places)))
        return float(words + signs(text) @ self._signs + self._bias)


def parts(text: str) -> list[str]:
    """The whole and each of its first sentences: an order hides behind an honest question."""
    text = text[:MAX_LETTERS]
    sentences = [part for part in _SENTENCE_END.split(text) if len(part) >= _LEAST_LETTERS][:_MOST_PARTS]
    return [text, *sentences] if len(sentences) > 1 else [text]


def buckets(text: str) -> list[int]:
    """Where its words, and each two that follow each other, are counted; each place once."""
    words = _TOKEN.findall(text[:MAX_LETTERS].lower())
    grams = {*words, *(f"{one} {other}" for one, other in pairwise(words))}
    return sorted({zlib.crc32(gram.encode("utf-8", "replace")) % BUCKETS for gram in grams})


def signs(text: str) -> Floats:
    """Which of the usual turns of phrase it has, 0 or 1 each."""
    text = text[:MAX_LETTERS]
    return np.array([bool(sign.search(text)) for sign in SIGNS], np.float32)


def _load_arrays(path: Path) -> dict[str, Floats]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name].astype(np.float32) for name in arrays.files}
    except (OSError, ValueError) as error:
        raise ModelMissing(
            f"The model file {path} is missing or damaged; restore it from the release."
        ) from error
