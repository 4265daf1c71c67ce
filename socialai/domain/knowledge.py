"""What the tenant knows: article → chunk → hit."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

ArticleKind = Literal["text", "faq", "markdown", "html", "pdf", "docx", "csv"]


class Article(Struct, frozen=True):
    id: int
    title: str
    kind: ArticleKind
    text: str
    source: str
    created_at: datetime
    updated_at: datetime
    indexed_at: datetime | None = None
    index_error: str | None = None


class ArticleSummary(Struct, frozen=True):
    """An article as lists show it; `excerpt` is how its text begins."""

    id: int
    title: str
    kind: ArticleKind
    excerpt: str
    source: str
    chunks: int
    updated_at: datetime
    indexed_at: datetime | None = None
    index_error: str | None = None


class KnowledgeCounts(Struct, frozen=True):
    """`waiting` articles are not indexed yet, `failed` ones could not be."""

    articles: int
    waiting: int
    failed: int
    chunks: int


class Passage(Struct, frozen=True):
    """A piece of an article before it is indexed. `question` is set for FAQ pairs."""

    heading: str
    text: str
    question: str | None = None


class IndexedPassage(Struct, frozen=True):
    """A passage as the index keeps it: `words` is what it is found by in full text.

    `vectors` are rows of 384 numbers of unit length: the whole passage's, each sentence's, and the
    question's if there is one.
    """

    passage: Passage
    words: str
    sentences: tuple[str, ...]
    vectors: bytes


class Sentence(Struct, frozen=True):
    """One sentence of a hit; `score` is its cosine to the question, -1…1."""

    text: str
    score: float


class Hit(Struct, frozen=True):
    """A search result. `score` is the fused score 0…1; `cosine` and `lexical` are its parts.

    `sentences` are the chunk's own, in order, each with its closeness to the question.
    """

    article_id: int
    chunk_id: int
    title: str
    heading: str
    text: str
    question: str | None
    score: float
    cosine: float
    lexical: float
    sentences: tuple[Sentence, ...] = ()
