"""Make what tells how likely a passage is to answer: near words, everyday words, a net over two vectors, and
the weights of it all.

Learns from ten small businesses written for this (`answering/`, none of it copied; `*.tsv` has a question
and words of the passage that answers it, nothing where none does) and from the questions of DSTC9 with the
snippet that answers each. A question whose passage is taken away, or asked of another business, has no
answer.
Run in a Python with the `models` extra: `socialai models build answering`; build it after the encoder.

The mix is what a business sees: about seven of ten questions can be answered.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer

from socialai.domain.clock import utc_now
from socialai.inference.answering import FILE, AnsweringModel, Floats, Numbers
from socialai.inference.encoder import Encoder
from socialai.knowledge.fit import NAMES
from socialai.knowledge.index import build as index
from socialai.knowledge.memory_shelf import MemoryShelf
from socialai.knowledge.search import examine
from socialai.knowledge.shelf import fts_query
from socialai.knowledge.stop_words import STOP_WORDS
from socialai.store import articles, chunks
from socialai.store.chunks import StoredChunk
from socialai.store.db import Database
from socialai.store.migrate import migrate

from .businesses import BUSINESSES, Article, Business, entities, own, plain
from .manifest import MODELS, encoder_beside, options, print_metrics, write_manifest
from .relation import lessons, relation
from .sets import texts_of

WORDS_OF = {
    "banking77/train": "text",
    "clinc150/train": "text",
    "bitext/utterances_8k": "text",
    "multidogo/train": "text",
    "dstc9_faq/knowledge": "title",
}
WIDTH = 96
LEAST_USED = 3
EVERYDAY = 0.00012  # of messages have it, on average over the sets
HALF = 0.002
STRENGTH = 1.0
FIRST = 1.0  # the passage found first decides whether there is an answer
OTHERS = 0.35
WEIGHTS = {"answered": 1.0, "none": 0.7, "taken": 0.1, "elsewhere": 0.03, "snippet": 0.25, "no snippet": 0.03}
FOLDS = 2


class Seen(NamedTuple):
    """A question and the passages found for it, best first as they come from the first look."""

    business: int
    kind: str
    features: Numbers
    answers: Numbers


def build(folder: Path) -> dict[str, Any]:
    encoder = Encoder(encoder_beside(folder), threads=2)
    arrays = words(encoder)
    taught = lessons(encoder.encode)
    seen: list[Seen] = []
    for fold in range(FOLDS):
        others = relation([lesson for lesson in taught if lesson.business % FOLDS != fold])
        save(folder, arrays | others, np.zeros(len(NAMES) + 1), encoder.version)
        seen += look(encoder, AnsweringModel(folder), fold)
    save(folder, arrays | relation(taught), fit(seen), encoder.version)
    return {name: round(value, 3) for name, value in held_out(seen).items()}


def words(encoder: Encoder) -> dict[str, Any]:
    """Vectors of the words alone, without what all share, in fewer dimensions and as bytes."""
    rates = used()
    vocabulary = Tokenizer.from_file(str(MODELS / "encoder/tokenizer.json")).get_vocab()
    found = sorted({word for word in [*vocabulary, *rates] if re.fullmatch(r"[a-z]{2,}", word)} - STOP_WORDS)
    vectors = encoder.encode(found)
    vectors -= vectors.mean(0)
    _, _, axes = np.linalg.svd(vectors[::4], full_matrices=False)
    near: Floats = vectors @ axes[:WIDTH].T
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    common = {word: (1 + rate / HALF) ** -0.5 for word, rate in sorted(rates.items()) if rate > EVERYDAY}
    return {
        "words": np.array(found),
        "near": np.round(near * 127 / np.abs(near).max()).astype(np.int8),
        "common": np.array(list(common)),
        "tells": np.array(list(common.values()), np.float32),
    }


def used() -> dict[str, float]:
    """How often customers use a word: one of a single set's subject counts less."""
    rates: Counter[str] = Counter()
    for name, column in WORDS_OF.items():
        texts = texts_of(name, column)
        here = Counter(word for text in texts for word in set(re.findall(r"[a-z]{2,}", text.lower())))
        rates.update({word: (n / len(texts)) ** 0.5 for word, n in here.items() if n >= LEAST_USED})
    return {word: (rate / len(WORDS_OF)) ** 2 for word, rate in rates.items()}


def look(encoder: Encoder, model: AnsweringModel, fold: int) -> Iterator[Seen]:
    """Only businesses of which the model's relation has learnt nothing."""
    businesses = [*map(own, BUSINESSES), *entities()]
    everyone = [question for business in businesses[: len(BUSINESSES)] for question, _ in business.questions]
    for place, business in list(enumerate(businesses))[fold::FOLDS]:
        with TemporaryDirectory() as folder:
            database = knowledge(Path(folder), business.articles, encoder)
            try:
                strangers = Random(place).sample(sorted({*everyone} - {q for q, _ in business.questions}), 36)
                asked = [*business.questions, *((text, "elsewhere") for text in strangers)]
                vectors = encoder.encode([text for text, _ in asked])
                yield from ask(place, business, database, model, asked, vectors)
            finally:
                database.rest()


def ask(
    place: int,
    business: Business,
    database: Database,
    model: AnsweringModel,
    asked: Sequence[tuple[str, str]],
    vectors: Floats,
) -> Iterator[Seen]:
    found, rows = database.read(chunks.everything)
    whole = shelf(database, found, rows)
    answered, none, taken = business.kinds
    for row, (text, answer) in enumerate(asked):
        if answer == "elsewhere":
            yield see(place, answer, whole, text, vectors[row], model, frozenset())
            continue
        right = frozenset(chunk.id for chunk in found if answer and plain(answer) in plain(chunk.text))
        if answer and len(right) != 1:
            raise ValueError(f"{len(right)} passages have the words of {text!r}: {answer!r}")
        yield see(place, answered if answer else none, whole, text, vectors[row], model, right)
        if answer:
            kept = [at for at, chunk in enumerate(found) if chunk.id not in right]
            without = shelf(database, [found[at] for at in kept], [rows[at] for at in kept])
            yield see(place, taken, without, text, vectors[row], model, frozenset())


def see(
    place: int,
    kind: str,
    where: MemoryShelf,
    text: str,
    vector: Floats,
    model: AnsweringModel,
    right: frozenset[int],
) -> Seen:
    passages, fit = examine(where, text, vector, model)
    return Seen(place, kind, fit.features, np.array([float(one.chunk.id in right) for one in passages]))


def shelf(database: Database, found: Sequence[StoredChunk], rows: Sequence[bytes]) -> MemoryShelf:
    def look_up(word: str) -> dict[int, float]:
        return database.read(lambda db: chunks.matching(db, fts_query([word]), -1))

    return MemoryShelf(found, rows, look_up)


def knowledge(folder: Path, texts: Iterable[Article], encoder: Encoder) -> Database:
    migrate(folder / "tenant.db", "tenant")
    database = Database(folder / "tenant.db")
    for title, text in texts:
        database.write(partial(_add, title=title, text=text, encoder=encoder))
    return database


def _add(db: Any, title: str, text: str, encoder: Encoder) -> None:
    article = articles.add(db, title=title, kind="markdown", text=text, source="recipe", now=utc_now())
    articles.replace_chunks(db, article, index(encoder.encode, article), utc_now())


def fit(seen: Sequence[Seen]) -> Numbers:
    """The weights of NAMES and the bias."""
    x = np.vstack([one.features for one in seen])
    spread = x.std(0) + 1e-6
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(x / spread, np.concatenate([one.answers for one in seen]), _weights(seen))
    weights: Numbers = np.append(model.coef_[0] / spread, model.intercept_[0])
    return weights


def _weights(seen: Sequence[Seen]) -> Numbers:
    parts = [np.full(len(one.answers), OTHERS * WEIGHTS[one.kind]) for one in seen]
    for part in parts:
        part[:1] *= FIRST / OTHERS
    return np.concatenate(parts)


def held_out(seen: Sequence[Seen]) -> dict[str, float]:
    """Each of our own businesses, by weights that saw nothing of it."""
    best: list[tuple[str, float, bool]] = []
    for place in range(len(BUSINESSES)):
        weights = fit([one for one in seen if one.business != place])
        for one in seen:
            if one.business == place and len(one.answers):
                scores = 1 / (1 + np.exp(-(one.features @ weights[:-1] + weights[-1])))
                best.append((one.kind, float(scores.max()), bool(one.answers[scores.argmax()])))
    answered = [one for one in best if one[0] == "answered"]
    none = [one for one in best if one[0] == "none"]
    return {
        "found_at_1": float(np.mean([right for _, _, right in answered])),
        "answered_rightly": float(np.mean([right and score >= 0.5 for _, score, right in answered])),
        "abstained": float(np.mean([score < 0.5 for _, score, _ in none])),
        "auroc": float(np.mean([[a > b for _, b, _ in none] for _, a, _ in answered])),
    }


def save(folder: Path, arrays: dict[str, Any], weights: Numbers, encoder: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / FILE, names=np.array(NAMES), weights=weights, **arrays)
    write_manifest(
        folder,
        {
            "name": "socialai-answering-1",
            "purpose": "How likely a passage of the knowledge is to answer a question",
            "source": "Trained here, on the sets named in models/NOTICE.md",
            "licence": "Apache-2.0",
            "recipe": "models/recipes/answering.py",
            "encoder": encoder,
        },
    )


if __name__ == "__main__":
    print_metrics(build(options("answering").parse_args().out))
