"""Understanding messages: how long one takes, what the lane costs, and what people use who train nothing."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from socialai.cli.benches import keywords, shop
from socialai.cli.benches.figure import Extent, Figure, Say, at_least, at_most, percentile
from socialai.cli.evaluate.labelled import Labelled, labelled
from socialai.cli.evaluate.path import judge
from socialai.cli.evaluate.sets import macro_recall, places, read_own
from socialai.cli.program import Program
from socialai.domain.triage import Intent
from socialai.inference.encoder import Encoder
from socialai.inference.models import Models
from socialai.resources import resource

SIGNS = ("negative", "neutral", "positive")
_BATCH = 64
_PEOPLE = 64
_WARM_UP = 20
_ROUNDS = 3
_VADERS_BORDER = 0.05


def measure(_program: Program, _folder: Path, extent: Extent, say: Say) -> list[Figure]:
    texts = list(islice(shop.texts(), extent.messages))
    models = Models(resource("models"))
    try:
        models.warm()
        say("triage: one message after the other")
        alone = _one_by_one(models, texts[: extent.questions])
        say(f"triage: {len(texts)} messages of {_PEOPLE} people through the lane, and without it")
        lane = _lane(models, texts)
        say("triage: VADER and a list of words")
        return [alone, lane, *_side_by_side(models, texts)]
    finally:
        models.close()


def _one_by_one(models: Models, texts: Sequence[str]) -> Figure:
    """Encoder, heads, language, injection, entities and rules."""
    judge(models, texts[:_WARM_UP])
    times = []
    for text in texts:
        started = time.perf_counter()
        judge(models, [text])
        times.append(1000 * (time.perf_counter() - started))
    return at_most(
        8,
        name="triage of one message, p95",
        value=percentile(times, 0.95),
        unit="ms",
        compared_to=f"p50 {percentile(times, 0.5):.1f} ms; encoder, heads, language, entities and rules",
    )


def _lane(models: Models, texts: Sequence[str]) -> Figure:
    """Turn about, so that what else runs here slows both alike; the best of each counts."""
    encoder = Encoder(resource("models", "encoder"))
    raw, waited = [], []
    for _ in range(_ROUNDS):
        raw.append(_rate(texts, lambda: _in_batches(encoder, texts)))
        waited.append(_rate(texts, lambda: _by_people(models, texts)))
    return at_least(
        85,
        name="triage, lane's share of the model's own throughput",
        value=100 * max(waited) / max(raw),
        unit="%",
        compared_to=f"model {max(raw):,.0f} texts/s in batches of {_BATCH}; lane {max(waited):,.0f} texts/s, "
        f"{_PEOPLE} people with one each",
    )


def _in_batches(encoder: Encoder, texts: Sequence[str]) -> None:
    for start in range(0, len(texts), _BATCH):
        encoder.encode(texts[start : start + _BATCH])


def _by_people(models: Models, texts: Sequence[str]) -> None:
    with ThreadPoolExecutor(_PEOPLE) as people:
        for _ in people.map(lambda text: models.encode([text]), texts):
            pass


def _rate(texts: Sequence[str], work: Callable[[], object]) -> float:
    """Texts a second."""
    started = time.perf_counter()
    work()
    return len(texts) / (time.perf_counter() - started)


def _side_by_side(models: Models, texts: Sequence[str]) -> list[Figure]:
    """On our own held-out messages. Nothing where VADER is not installed."""
    scorer = keywords.vader()
    if scorer is None:
        return []
    rows = [labelled(row, number) for number, row in enumerate(read_own("messages_check.jsonl"), 1)]
    ours = [each.triage for each in judge(models, [row.text for row in rows])]
    moods = [_mild(said.sentiment.label) for said in ours]
    intents, words = [said.raw_intent for said in ours], [keywords.intent(row.text) for row in rows]
    urgencies = [said.urgency for said in ours]
    signs = [_sign(scorer(row.text)) for row in rows]
    listed = [keywords.urgency(row.text) for row in rows]
    meant = [_mild(row.mood or "neutral") for row in rows]
    levels = [row.urgency or "low" for row in rows]
    return [
        _speed(models, scorer, texts),
        _quality("mood, macro recall", _recall(moods, meant), _recall(signs, meant), "VADER"),
        _quality("intent", _right(intents, rows), _right(words, rows), "a list of words"),
        _quality("urgency", _same(urgencies, levels), _same(listed, levels), "a list of words"),
    ]


def _speed(models: Models, scorer: keywords.Scorer, texts: Sequence[str]) -> Figure:
    ours = _rate(texts, lambda: judge(models, texts))
    theirs = _rate(texts, lambda: [(scorer(t), keywords.intent(t), keywords.urgency(t)) for t in texts])
    return Figure(
        name="triage, the whole path, one thread",
        value=ours,
        unit="/s",
        compared_to=f"VADER and a list of words {theirs:,.0f}/s",
    )


def _quality(name: str, ours: float, theirs: float, what: str) -> Figure:
    return Figure(name=f"triage, {name}", value=ours, unit="%", compared_to=f"{what} {theirs:.1f} %")


def _recall(said: Sequence[str], meant: Sequence[str]) -> float:
    return macro_recall(places(said, SIGNS), places(meant, SIGNS))


def _same(said: Sequence[str], meant: Sequence[str]) -> float:
    return 100 * sum(one == other for one, other in zip(said, meant, strict=True)) / len(meant)


def _right(said: Sequence[Intent], rows: Sequence[Labelled]) -> float:
    """An acceptable intent counts."""
    return 100 * sum(intent in row.intents for intent, row in zip(said, rows, strict=True)) / len(rows)


def _mild(mood: str) -> str:
    """VADER knows no anger."""
    return "negative" if mood == "angry" else mood


def _sign(score: float) -> str:
    return SIGNS[1 + (score > _VADERS_BORDER) - (score < -_VADERS_BORDER)]
