"""An article → what the index keeps of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from socialai.domain.knowledge import Article, IndexedPassage, Passage, encoded, text_digest
from socialai.errors import ModelError
from socialai.knowledge.chunk import chunk, sentences

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts → shape (n, 384), unit length."""

WIDTH = 384
FORM = "2"
"""Of what is encoded; another one whenever vectors made before can no longer be compared."""
BATCH = 32
"""Texts a call: a customer's message waits no longer than one call for the encoder."""


def build(
    encode: Encode, article: Article, known: Mapping[bytes, bytes] = MappingProxyType({})
) -> list[IndexedPassage]:
    """`known` vectors by the digest of their text are not made again. Raises ModelError when a vector is not
    one."""
    passages = [
        (passage, _words(article.title, passage), tuple(sentences(passage.text)))
        for passage in chunk(article.kind, article.title, article.text)
    ]
    texts = [
        encoded(words, article.title, passage.heading, passage.question, cut)
        for passage, words, cut in passages
    ]
    vectors = _vectors(encode, dict.fromkeys(chain.from_iterable(texts)), known)
    return [
        IndexedPassage(passage, words, cut, b"".join(vectors[text] for text in each))
        for (passage, words, cut), each in zip(passages, texts, strict=True)
    ]


def _vectors(encode: Encode, texts: Iterable[str], known: Mapping[bytes, bytes]) -> dict[str, bytes]:
    found = {text: known.get(text_digest(text)) for text in texts}
    new = [text for text, vector in found.items() if vector is None]
    made = zip(new, _encoded(encode, new), strict=True)
    return {text: vector for text, vector in found.items() if vector} | {
        text: vector.tobytes() for text, vector in made
    }


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
