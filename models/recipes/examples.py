"""Training examples from the public sets (by labels.toml) and from our own messages.

What is not known of a text is absent: nobody said whether a Reddit comment is urgent.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from random import Random
from typing import Any, NamedTuple

from socialai.inference.heads import INTENTS, URGENCIES

from .sets import RECIPES, SHARED, Row, read_own, read_set

HARD = "messages_hard.jsonl"
OWN = ("messages.jsonl", "messages_shops.jsonl", HARD)
CHECK = "messages_check.jsonl"
MOST_PER_LABEL = 60
ANGRY, NEGATIVE, POSITIVE = -0.7, -0.2, 0.2


class Example(NamedTuple):
    """Of several intents the first is the best. A mood is one of `moods`. Texts of one `group` are alike.
    What is `hard` was written to be mistaken."""

    text: str
    source: str
    intents: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    urgency: str = ""
    marks: dict[str, bool] = {}  # noqa: RUF012 - nobody changes it
    emotions: tuple[str, ...] = ()
    group: str = ""
    hard: bool = False


def own_examples(names: Iterable[str] = OWN) -> list[Example]:
    examples = [own_example(row, name == HARD) for name in names for row in read_own(name)]
    return list({example.text: example for example in examples}.values())


def own_example(row: Row, hard: bool) -> Example:
    intent, also = row["intent"], tuple(row.get("acceptable", ()))
    marks = {"spam": intent == "spam", "business": True, "alarm": row["escalate"]}
    if not (intent == "spam" or "spam" in also):
        marks |= {"complaint": intent == "complaint", "purchase": intent == "sales"}
    for mark, name in (("complaint", "complaint"), ("purchase", "sales")):
        if name in also:
            marks.pop(mark, None)
    mood = mood_of(row["sentiment"])
    return Example(row["text"], "own", (intent, *also), (mood,), row["urgency"], marks, hard=hard)


def mood_of(score: float) -> str:
    if score < ANGRY:
        return "angry"
    return "negative" if score < NEGATIVE else "positive" if score > POSITIVE else "neutral"


@cache
def read_rules() -> dict[str, Any]:
    return tomllib.loads((RECIPES / "labels.toml").read_text(encoding="utf-8"))


def there() -> bool:
    """Without the public sets our own messages have to do."""
    return (SHARED / "data").is_dir()


def public_examples() -> list[Example]:
    return [*emotions("train"), *spam(), *emails("train"), *weak(), *dialogues(), *strangers()]


def emotions(split: str) -> Iterator[Example]:
    """GoEmotions, each text once."""
    seen: set[str] = set()
    for row in read_set(f"goemotions/{split}"):
        if split != "train" or row["text"] not in seen:
            seen.add(row["text"])
            text = row["text"].replace("[NAME]", "Sam").replace("[RELIGION]", "Christian")
            yield Example(
                text, "goemotions", moods=moods_of(row["labels"]), marks={"business": False},
                emotions=tuple(row["labels"]),
            )  # fmt: skip


def moods_of(labels: list[str]) -> tuple[str, ...]:
    """Nothing where the emotions contradict each other; only our own messages tell angry from annoyed."""
    values = [read_rules()["goemotions"]["sentiment"][label] for label in labels]
    if min(values) < NEGATIVE and max(values) > POSITIVE:
        return ()
    if min(values) < NEGATIVE:
        heated = {"anger", "annoyance", "disgust"} & set(labels)
        return ("angry", "negative") if heated else ("negative",)
    return ("positive",) if max(values) > POSITIVE else ("neutral",)


def spam() -> Iterator[Example]:
    """A group is a message and all that differ from it only in numbers and signs; or a video."""
    for name in ("sms_spam", "youtube_spam"):
        for row in unique(read_set(f"{name}/all")):
            group = row.get("video") or re.sub(r"[\W\d_]+", " ", row["text"].lower())
            yield Example(row["text"], name, marks={"spam": row["label"] == "spam"}, group=group)


def emails(split: str) -> list[Example]:
    rows = read_set(f"email_intent/{split}")
    return [Example(row["text"], "email", marks={"action": row["label"] == "Yes"}) for row in rows]


def weak() -> Iterator[Example]:
    """Labels of others that imply one of ours."""
    for name, splits in {
        "bitext": ("utterances_8k", "responses_4k_v2", "responses_v1"),
        "multidogo": ("train",),
    }.items():
        rule = read_rules()[name]
        intents = {label: intent for intent in INTENTS for label in rule.get(intent, ())}
        urgencies = {label: level for level in URGENCIES for label in rule.get(level, ())}
        rows = unique(row for split in splits for row in read_set(f"{name}/{split}"))
        Random(3).shuffle(rows)
        counts: Counter[str] = Counter()
        for row in rows:
            label = str(row["label"] if "label" in row else row["labels"][0])
            if label in intents and counts[label] < MOST_PER_LABEL:
                counts[label] += 1
                text = re.sub(r"\{\{[^}]*\}\}", "10482", row["text"])
                marks = {"business": True, "spam": False}
                yield Example(text, "weak", (intents[label],), urgency=urgencies.get(label, ""), marks=marks)


def dialogues() -> Iterator[Example]:
    """Questions to hotels and restaurants, and what people say to a bank or hotel (NLU++)."""
    questions = list(dict.fromkeys(row["title"] for row in read_set("dstc9_faq/knowledge")))
    for text in Random(3).sample(questions, 500):
        marks = {"business": True, "spam": False, "alarm": False}
        yield Example(text, "weak", ("inquiry",), ("neutral",), "low", marks)
    for name in ("banking", "hotels"):
        for row in unique(read_set(f"nlupp/{name}")):
            marks = {"business": True, "spam": False}
            if "handoff" in row["labels"]:
                marks["alarm"] = True
            yield Example(row["text"], "weak", marks=marks)


def strangers() -> list[Example]:
    """What nobody would ask a shop."""
    rows = read_set("clinc150/oos_plus_train")
    return [Example(row["text"], "strangers", marks={"business": False}) for row in rows]


def unique(rows: Iterable[Row]) -> list[Row]:
    return list({row["text"].strip(): row for row in rows if row["text"].strip()}.values())
