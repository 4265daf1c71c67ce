"""What the tenant knows: article → chunk → hit."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

ArticleKind = Literal["text", "faq", "markdown", "html", "pdf", "docx", "csv"]
Origin = Literal["text", "file", "url"]
ArticleState = Literal["all", "valid", "early", "soon", "expired", "gone", "waiting", "failed"]
UNANSWERED = "nothing in the knowledge answers this"
"""Why a message went to a person: what the gap report counts."""
_MOST_ABOUT = 160
"""Letters, so that the sentence itself is not pushed out."""
SOON = timedelta(days=14)
"""So long before it expires, an article's owner is reminded."""


class Article(Struct, frozen=True):
    """It answers from `valid_from` until `valid_until`, where they are set. `language` is '' when it cannot
    be told; `gone_at` is when its web page was found to be gone."""

    id: int
    title: str
    kind: ArticleKind
    text: str
    source: str
    created_at: datetime
    updated_at: datetime
    indexed_at: datetime | None = None
    index_error: str | None = None
    language: str = ""
    origin: Origin = "text"
    url: str | None = None
    owner_id: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    gone_at: datetime | None = None

    @property
    def last_day(self) -> datetime | None:
        return last_day(self.valid_until)


def last_day(ends: datetime | None) -> datetime | None:
    """The last moment before it no longer holds."""
    return ends and ends - timedelta(microseconds=1)


class Validity(Struct, frozen=True):
    """None: no limit. `ends` is the first moment at which it no longer holds."""

    starts: datetime | None = None
    ends: datetime | None = None


ALWAYS = Validity()


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
    language: str = ""
    origin: Origin = "text"
    url: str | None = None
    owner_id: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    gone_at: datetime | None = None

    @property
    def last_day(self) -> datetime | None:
        return last_day(self.valid_until)

    def is_valid(self, now: datetime) -> bool:
        starts, ends = self.valid_from, self.valid_until
        return (starts is None or starts <= now) and (ends is None or now < ends)


class KnowledgeCounts(Struct, frozen=True):
    """`waiting` articles are not indexed yet, `failed` ones could not be."""

    articles: int
    waiting: int
    failed: int
    chunks: int


class KnowledgeWarnings(Struct, frozen=True):
    """How many articles do not answer, or soon will not; `gone`: whose web page is not there any more."""

    early: int
    soon: int
    expired: int
    gone: int


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
    """One sentence of a hit; `score` is how it fits the question by meaning and by words, 0…1."""

    text: str
    score: float


class Hit(Struct, frozen=True):
    """A search result. `score` is the chance that it answers; `cosine` and `lexical` speak for it.

    `sentences` are the chunk's own, in order, each with its closeness to the question; `language` is the
    article's.
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
    language: str = ""


def told(title: str, heading: str, question: str | None, sentences: Iterable[str]) -> Iterator[str]:
    """Each sentence behind what it is about: 'It takes two days' tells nothing by itself."""
    about = ". ".join(dict.fromkeys(part for part in (title, heading, question) if part))
    return (f"{about[:_MOST_ABOUT]}: {sentence}" for sentence in sentences)


def encoded(
    words: str, title: str, heading: str, question: str | None, sentences: Iterable[str]
) -> list[str]:
    """What of a passage is encoded, in the order in which its vectors are kept: the whole, each sentence, the
    question if there is one."""
    return [words, *told(title, heading, question, sentences), *filter(None, [question])]


def text_digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
