"""One list of training examples from the public sets (by labels.toml) and from our own messages."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any, NamedTuple

from .sets import RECIPES, Row, read_own, read_set

INTENTS = ("sales", "support", "spam", "inquiry", "complaint")
URGENCIES = ("low", "medium", "high")

SPLITS = {
    "bitext": ("bitext/utterances_8k", "bitext/responses_4k_v2", "bitext/responses_v1"),
    "banking77": ("banking77/train",),
    "clinc150": ("clinc150/train", "clinc150/oos_plus_train"),
    "multidogo": ("multidogo/train",),
    "sms_spam": ("sms_spam/all",),
    "youtube_spam": ("youtube_spam/all",),
    "dstc9_faq": ("dstc9_faq/knowledge",),
    "email_intent": ("email_intent/train",),
}
MOST_PER_LABEL = 20
MOST = {"sms_spam": 600, "youtube_spam": 600, "email_intent": 600, "dstc9_faq": 500}


class Example(NamedTuple):
    """What is not known of a text is None; `weight` is its share in the loss."""

    text: str
    intent: str | None
    sentiment: float | None
    urgency: str | None
    weight: float = 1.0


def own_examples(name: str = "messages.jsonl") -> list[Example]:
    return [
        Example(row["text"], row["intent"], float(row["sentiment"]), row["urgency"]) for row in read_own(name)
    ]


def public_examples(own_count: int, skip: str = "") -> list[Example]:
    """Each set weighs `weight` times all our own messages together, its intents equally."""
    rules = read_rules()
    examples: list[Example] = []
    for name in SPLITS:
        if name != skip:
            examples += weigh(list(read_public(name, rules[name])), rules[name]["weight"] * own_count)
    return examples


@cache
def read_rules() -> dict[str, Any]:
    return tomllib.loads((RECIPES / "labels.toml").read_text(encoding="utf-8"))


def read_public(name: str, rule: dict[str, Any]) -> Iterator[Example]:
    intents = {label: intent for intent in INTENTS for label in rule.get(intent, ())}
    urgencies = {label: level for level in URGENCIES for label in rule.get(level, ())}
    rows = [row for split in SPLITS[name] for row in read_set(split)]
    Random(3).shuffle(rows)
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for row in rows:
        text, label = text_of(row), label_of(row)
        if (
            text in seen
            or label not in (intents | urgencies)
            or counts[label] >= MOST.get(name, MOST_PER_LABEL)
        ):
            continue
        seen.add(text)
        counts[label] += 1
        intent = intents.get(label)
        calm = 0.0 if intent in ("sales", "inquiry") and name not in ("sms_spam", "youtube_spam") else None
        level = urgencies.get(label, None if name in ("sms_spam", "youtube_spam", "multidogo") else "low")
        yield Example(text, intent, calm, level)


def text_of(row: Row) -> str:
    text = str(row["title"] if "title" in row else row["text"])
    return re.sub(r"\{\{[^}]*\}\}", "10482", text).strip()


def label_of(row: Row) -> str:
    if "title" in row:
        return "question"
    return str(row["label"] if "label" in row else row["labels"][0])


def weigh(examples: list[Example], total: float) -> list[Example]:
    counts = Counter(example.intent for example in examples)
    return [example._replace(weight=total / len(counts) / counts[example.intent]) for example in examples]


def emotions(split: str, weight: float, most: int = 100_000) -> list[Example]:
    """GoEmotions: the mean value of a comment's emotions, where these do not contradict each other."""
    values: dict[str, float] = read_rules()["goemotions"]["sentiment"]
    rows = [row for row in read_set(f"goemotions/{split}") if len(set(map(sign, row["labels"])) - {0}) < 2]
    Random(3).shuffle(rows)
    rows = rows[:most]
    scores = [sum(values[label] for label in row["labels"]) / len(row["labels"]) for row in rows]
    return [
        Example(row["text"].replace("[NAME]", "Sam"), None, score, None, weight / len(rows))
        for row, score in zip(rows, scores, strict=True)
    ]


def sign(emotion: str) -> int:
    value: float = read_rules()["goemotions"]["sentiment"][emotion]
    return (value > 0.2) - (value < -0.2)
