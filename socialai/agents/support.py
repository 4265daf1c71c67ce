"""Each sentence of a reply beside the sentence of the knowledge that it comes from.

What the knowledge says word for word and what the tenant's own templates say needs no judge; the rest is
looked up by its own words, because what the question found may be about something else.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from sentencex import segment

from socialai.agents.turn import Tools, Turn
from socialai.domain.knowledge import Hit
from socialai.domain.policy import Voice, templates
from socialai.domain.reply import Source
from socialai.domain.support import Candidate, Checked, Judgement

ENOUGH = 0.5
_HITS = 8
_MOST_SENTENCES = 24
"""Of the knowledge, that one sentence is compared with."""
_MOST_CLAIMS = 20
_MOST_LETTERS = 4000
_UNKNOWN = 0.3
"""The closeness of a sentence that only the question found."""
_ANCHORS = frozenset(
    "hi hello hey dear thank thanks question questions welcome regards sorry glad happy touch know "
    "wishes".split()
)
_POLITE = _ANCHORS | frozenset(
    "a about am an and any anything are ask asking assistance be best can certainly contacting course "
    "day do else feel for free from further get good great have hear hearing help helping i if in is it "
    "just kind let like me message more need nice of other our please see so soon sure team that the "
    "there this to us we will with would writing yes you your".split()
)
_TELLS = re.compile(r"\d|https?:|www\.|\bdid you know\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def judged(turn: Turn, tools: Tools) -> tuple[Checked, ...]:
    """The sentences of the reply in its order. Raises ModelError."""
    reply = (turn.reply or "")[:_MOST_LETTERS]
    rest, quoted = _without_quotes(reply, turn)
    claims = list(_sentences(_without_templates(rest, turn)))
    found = [*quoted, *_judge(claims, turn, tools)] if claims else quoted
    return tuple(sorted(found, key=lambda one: reply.find(one.text)))


def _without_quotes(reply: str, turn: Turn) -> tuple[str, list[Checked]]:
    found = []
    passages = {hit.chunk_id: hit for hit in turn.hits}
    for source in turn.sources:
        hit = passages.get(source.chunk_id)
        if hit and source.sentence in reply and _evened(source.sentence) in _evened(hit.text):
            reply = reply.replace(source.sentence, "\n")
            found.append(_quote(source))
    return reply, found


@lru_cache(4096)  # the same passages answer many questions
def _evened(text: str) -> str:
    return " ".join(text.split()).lower()


def _quote(source: Source) -> Checked:
    return Checked(
        source.sentence, "quoted", 1.0, source.sentence, source.title, source.article_id, source.chunk_id
    )


def _without_templates(reply: str, turn: Turn) -> str:
    for template in _templates(turn.policy.voice, turn.name):
        reply = reply.replace(template, "\n")
    return reply


@lru_cache(1024)
def _templates(voice: Voice, name: str | None) -> tuple[str, ...]:
    first = (name or "").split(" ")[0]
    greetings = (
        voice.greeting.replace(" {name}", f" {first}" if first else "").replace("{name}", first),
        voice.greeting.replace(" {name}", "").replace("{name}", ""),
    )
    own = (*greetings, voice.signature, voice.call_to_action, *templates(voice))
    return tuple(sorted({text for text in own if text.strip()}, key=len, reverse=True))


def _sentences(text: str) -> Iterator[str]:
    for line in filter(str.strip, text.splitlines()):
        yield from filter(None, map(str.strip, segment("en", line)))


def _judge(sentences: Sequence[str], turn: Turn, tools: Tools) -> Iterator[Checked]:
    """What comes after the first twenty is not looked up: no reply is so long."""
    claims = [one for one in sentences if not is_polite(one)][:_MOST_CLAIMS]
    vectors = dict(zip(claims, tools.encode(claims), strict=True)) if claims else {}
    for one in sentences:
        if is_polite(one):
            yield Checked(one, "courtesy")
        elif one in vectors:
            candidates = _candidates(turn.hits, tools.search(one, vectors[one], _HITS))
            yield _said(one, candidates) or _checked(one, candidates, tools.judge(one, candidates))
        else:
            yield Checked(one, "unsupported", 0.0)


def _said(sentence: str, candidates: Sequence[Candidate]) -> Checked | None:
    """When the knowledge has this very sentence."""
    said = _evened(sentence)
    for each in candidates:
        if _evened(each.text) == said:
            return Checked(sentence, "quoted", 1.0, each.text, each.title, each.article_id, each.chunk_id)
    return None


def is_polite(sentence: str) -> bool:
    """It asks, or has none but the words of courtesy: it claims nothing."""
    if _TELLS.search(sentence):
        return False
    words = set(_WORD.findall(sentence.lower().replace("'", "")))
    return sentence.endswith("?") or not words or (words <= _POLITE and bool(words & _ANCHORS))


def _candidates(asked: Sequence[Hit], found: Sequence[Hit]) -> list[Candidate]:
    known = {hit.chunk_id for hit in found}
    near = [candidate for hit in found for candidate in _of_hit(hit, None)]
    near.sort(key=lambda candidate: -candidate.closeness)
    rest = [candidate for hit in asked if hit.chunk_id not in known for candidate in _of_hit(hit, _UNKNOWN)]
    return [*near[:_MOST_SENTENCES], *rest[: _MOST_SENTENCES // 2]]


def _of_hit(hit: Hit, closeness: float | None) -> Iterator[Candidate]:
    above = " ".join(filter(None, dict.fromkeys((hit.title, hit.heading, hit.question or ""))))
    for sentence in hit.sentences:
        yield Candidate(
            sentence.text,
            above,
            hit.text,
            sentence.score if closeness is None else closeness,
            hit.article_id,
            hit.chunk_id,
            hit.title,
        )


def _checked(sentence: str, candidates: Sequence[Candidate], judgement: Judgement) -> Checked:
    linked = None if judgement.place is None else candidates[judgement.place]
    return Checked(
        sentence,
        "supported" if judgement.support >= ENOUGH else "unsupported",
        judgement.support,
        linked.text if linked else "",
        linked.title if linked else "",
        linked.article_id if linked else None,
        linked.chunk_id if linked else None,
        judgement.doubts,
    )
