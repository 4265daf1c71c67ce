"""What the judge of support learns from: replies that their evidence says, and the same made untrue.

DSTC9's human replies stand beside the snippets of their place; `supports.jsonl` was written for this, of
seventeen kinds of businesses, none of them the kind of a test business of ours.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from random import Random
from typing import NamedTuple

import numpy as np

from socialai.domain.support import Candidate
from socialai.knowledge.chunk import sentences

from .sets import Row, read_own, read_set

Encode = Callable[[Sequence[str]], np.ndarray]

REPLIES = 900
COPIES, SPLICED = 600, 7
"""Of DSTC9's; more taught nothing new."""

_NUMBER = re.compile(r"\d+(?:[.:]\d+)?")
_WORD_NUMBER = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)\b", re.IGNORECASE
)
_NUMBER_WORDS = "two three four five six seven eight nine ten twelve twenty thirty".split()
_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}\b(?!day)")
_JOINTS = [", and ", "; ", ", but "]
_DENIED = re.compile(
    r"\b(?:(do|does|did|is|are|was|can|must|may|could|should|will)(?: not\b|n't\b)|cannot\b|can't\b)",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(is|are|can|may|must|will|have to|offers?|allows?|costs?|accepts?|provides?)\b")


class Example(NamedTuple):
    """`group` keeps what is alike on one side of cross-validation."""

    claim: str
    candidates: tuple[Candidate, ...]
    supported: bool
    weight: float
    group: str
    kind: str


def examples(encode: Encode) -> list[Example]:
    found = [*own_examples(), *dstc_examples(), *copied_examples()]
    return with_closeness(found, encode)


def own_examples() -> Iterator[Example]:
    rows = read_own("supports.jsonl")
    knowledge = {
        name: tuple(_own_candidates(list(group)))
        for name, group in groupby(rows, lambda row: row["business"])
    }
    random = Random(1)
    names = list(knowledge)
    for row in rows:
        name, around = row["business"], knowledge[row["business"]]
        other = knowledge[random.choice([one for one in names if one != name])]
        for supported in (True, False):
            for claim in row["supported" if supported else "unsupported"]:
                yield Example(claim, around, supported, 10.0, name, "own")
                if supported:
                    yield from _untrue(claim, around, _elsewhere(rows, name, random), random, 1.0, name)
                    yield Example(claim, other, False, 0.5, name, "swapped")


def _own_candidates(rows: Sequence[Row]) -> Iterator[Candidate]:
    for at, row in enumerate(rows):
        for text in sentences(row["text"]):
            yield Candidate(text, f"{row['title']} {row['heading']}".strip(), row["text"], 0.0, at, at)


def _elsewhere(rows: Sequence[Row], name: str, random: Random) -> str:
    chosen: str = random.choice(random.choice([row for row in rows if row["business"] != name])["supported"])
    return chosen


def dstc_examples() -> Iterator[Example]:
    random = Random(2)
    snippets = _snippets()
    replies = [
        (row, claim) for row in read_set("dstc9_faq/test_responses") for claim in _claims(row["response"])
    ]
    for row, claim in random.sample(replies, REPLIES):
        asked = [(one["domain"], str(one["entity_id"])) for one in row["knowledge"]]
        wanted = {(one["domain"], str(one["entity_id"]), str(one["doc_id"])) for one in row["knowledge"]}
        near = [one for place in asked for one in snippets.get(place, ())]
        right = [candidate for key, candidate in near if key in wanted]
        rest = [candidate for key, candidate in near if key not in wanted]
        random.shuffle(rest)
        if not right:
            continue
        around, group = (*right, *rest[:11]), "/".join(asked[0])
        yield Example(claim, around, True, 1.0, group, "dstc")
        yield from _untrue(claim, around, random.choice(replies)[1], random, 0.5, group)
        if rest:
            yield Example(claim, tuple(rest[:12]), False, 0.5, group, "swapped")


def copied_examples() -> Iterator[Example]:
    """A part of a snippet in its own words is said by it; one that goes on as another snippet does is not."""
    random = Random(3)
    places = list(_snippets().items())
    for place, snippets in random.sample(places, COPIES):
        (_, one), (_, other) = random.choices(snippets, k=2)
        stranger = random.choice(random.choice(places)[1])[1]
        words, more = one.text.split(), random.choice([other, stranger]).text.split()
        if len(words) < SPLICED or one.text == other.text:
            continue
        around, group = (one,), "/".join(place)
        start, cut = random.choice([0, 0, 1, 2]), random.randint(2, len(words) - 2)
        part = " ".join(words[start : random.randint(start + 4, len(words))])
        spliced = " ".join([*words[:cut], *more[len(more) // 2 :]])
        yield Example(part, around, True, 1.0, group, "copied")
        yield Example(spliced, around, False, 1.0, group, "spliced")
        yield Example(" ".join(more), around, False, 0.5, group, "other")


def _snippets() -> dict[tuple[str, str], list[tuple[tuple[str, str, str], Candidate]]]:
    found: dict[tuple[str, str], list[tuple[tuple[str, str, str], Candidate]]] = {}
    for row in read_set("dstc9_faq/knowledge"):
        place = (row["domain"], str(row["entity_id"]))
        context = f"{row['title']} {row['entity'] or ''}".strip()
        for text in sentences(row["body"]):
            candidate = Candidate(text, context, row["body"])
            found.setdefault(place, []).append(((*place, str(row["doc_id"])), candidate))
    return found


def _claims(response: str) -> list[str]:
    """Its sentences that claim something; what is only polite has few words or asks."""
    return [one for one in sentences(response)[:1] if not one.endswith("?") and len(one.split()) > 3]


def _untrue(
    claim: str, around: tuple[Candidate, ...], other: str, random: Random, weight: float, group: str
) -> Iterator[Example]:
    made = {
        "number": _renumbered(claim, around, random),
        "day": _DAY.sub(
            lambda found: random.choice([day for day in _DAYS if not day.startswith(found[0])]), claim, 1
        ),
        "name": _renamed(claim, random),
        "denied": _turned(claim, random),
        "added": f"{claim.rstrip('.!')}{random.choice(_JOINTS)}{other[0].lower()}{other[1:]}",
    }
    for kind, text in made.items():
        if text and text != claim:
            yield Example(text, around, False, weight, group, kind)


def _renumbered(claim: str, around: Sequence[Candidate], random: Random) -> str:
    """Half of the time one that stands elsewhere in what was found."""
    there = sorted(
        {number for one in around for number in _NUMBER.findall(one.text)} - set(_NUMBER.findall(claim))
    )
    if numbers := list(_NUMBER.finditer(claim)):
        found = random.choice(numbers)
        instead = (
            random.choice(there)
            if there and random.random() < 0.5
            else str(int(float(found[0].replace(":", "."))) + random.choice([1, 2, 5, 10]))
        )
        return claim[: found.start()] + instead + claim[found.end() :]
    return _WORD_NUMBER.sub(
        lambda found: random.choice([one for one in _NUMBER_WORDS if one != found[0].lower()]), claim, 1
    )


def _renamed(claim: str, random: Random) -> str:
    return _NAME.sub(lambda found: random.choice([one for one in _NAMES if one != found[0]]), claim, 1)


_NAMES = "Brighton Marlow Kestrel Anders Tilda Moreno Halden Sorrel Ostrava Quinn".split()


def _turned(claim: str, random: Random) -> str:
    """Denied what was said, or said what was denied."""
    if _DENIED.search(claim):
        return _DENIED.sub(lambda found: found[1] or "can", claim, 1)
    if not (found := _SAID.search(claim)) or re.search(
        r"\b(?:no|never|without|nothing)\b", claim, re.IGNORECASE
    ):
        return ""
    word = found[0]
    if word in {"is", "are", "can", "may", "must", "will"}:
        instead = f"{word} {random.choice(['not', 'not', 'never'])}"
    else:
        instead = (
            f"{'do' if word == 'have to' else 'does'} not {word.rstrip('s') if word != 'have to' else word}"
        )
    turned = claim[: found.start()] + instead + claim[found.end() :]
    return re.sub(r"^Yes\b", "No", turned)


def with_closeness(found: Sequence[Example], encode: Encode) -> list[Example]:
    texts = list(
        dict.fromkeys(text for one in found for text in (one.claim, *(each.text for each in one.candidates)))
    )
    vectors = encode(texts)
    at = {text: place for place, text in enumerate(texts)}
    return [one._replace(candidates=tuple(_close(one, vectors, at))) for one in found]


def _close(one: Example, vectors: np.ndarray, at: dict[str, int]) -> Iterator[Candidate]:
    claim = vectors[at[one.claim]]
    for each in one.candidates:
        closeness = float(vectors[at[each.text]] @ claim)
        yield Candidate(each.text, each.context, each.around, closeness, each.article_id, each.chunk_id)
