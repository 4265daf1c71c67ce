"""An article → what the index keeps of it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from socialai.domain.knowledge import Article, IndexedPassage, Passage
from socialai.errors import ModelError
from socialai.knowledge.chunk import chunk, sentences

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts → shape (n, 384), unit length."""

WIDTH = 384
BATCH = 32
"""Texts a call: a customer's message waits no longer than one call for the encoder."""


def build(encode: Encode, article: Article) -> list[IndexedPassage]:
    """Raises ModelError when a vector is not one."""
    passages = [
        (passage, _words(article.title, passage), tuple(sentences(passage.text)))
        for passage in chunk(article.kind, article.title, article.text)
    ]
    texts = [
        text for passage, words, cut in passages for text in (words, *cut, *filter(None, [passage.question]))
    ]
    vectors = iter(_encoded(encode, texts))
    return [
        IndexedPassage(
            passage=passage,
            words=words,
            sentences=cut,
            vectors=_joined(islice(vectors, 1 + len(cut) + bool(passage.question))),
        )
        for passage, words, cut in passages
    ]


def _words(title: str, passage: Passage) -> str:
    """What the passage is about, then what it says: for the words and for the vector alike."""
    about = [part for part in (title, passage.heading, passage.question) if part]
    return "\n".join([*dict.fromkeys(about), passage.text])


def _encoded(encode: Encode, texts: Sequence[str]) -> Iterator[Vectors]:
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        vectors = np.ascontiguousarray(encode(batch), np.float32)
        if vectors.shape != (len(batch), WIDTH) or not np.isfinite(vectors).all():
            raise ModelError("The encoder gave no usable vectors. Run: socialai doctor.")
        yield from vectors


def _joined(vectors: Iterator[Vectors]) -> bytes:
    return b"".join(vector.tobytes() for vector in vectors)
