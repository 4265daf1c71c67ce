"""A language model's answer, sentence by sentence checked against the evidence it names."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from socialai.agents.entities import find_entities
from socialai.agents.escalate import first_word
from socialai.agents.evidence import asked_terms
from socialai.agents.grounded import is_grounded
from socialai.agents.prompts.answer import Answered, Material, Said, prompt
from socialai.agents.turn import Tools, Turn, Write
from socialai.domain.conversation import Message
from socialai.domain.knowledge import Hit
from socialai.domain.reply import Source
from socialai.domain.text import shorten
from socialai.errors import ModelError
from socialai.inference.llm import Private

_TRIALS = 2
_INJECTS = 0.5
_MOST_EVIDENCE = 16
_MOST_OF_A_MESSAGE = 300
_PRIVATE = {"email": "email", "phone": "phone", "order_number": "order"}


class Fact(Struct, frozen=True):
    """A sentence of the reply and where it comes from."""

    text: str
    source: Source


class _Evidence(Struct, frozen=True):
    """`above` is what stands over the sentence."""

    source: Source
    above: str


def write(turn: Turn, tools: Tools) -> tuple[Fact, ...]:
    """Empty when there is no model or what it wrote does not hold: then the answer in the knowledge's own
    sentences, which `turn` has already, stays."""
    if tools.write is None:
        return ()
    try:
        return _written(turn, tools, tools.write)
    except ModelError:
        return ()


def _written(turn: Turn, tools: Tools, ask: Write) -> tuple[Fact, ...]:
    evidence = _evidence(turn, tools)
    material = Material(
        evidence=tuple(f"{each.above}: {each.source.sentence}" for each in evidence),
        memory=(*_remembered(turn), *map(_line, turn.memory)),
        understood=_understood(turn),
        question=turn.question,
    )
    for trial in range(_TRIALS):
        asked = prompt(turn.policy.voice, material, private(turn), letters=turn.limits.reply, trial=trial)
        said = ask(asked, Answered)
        if not said.answerable:
            return ()
        if facts := _held(turn, said.sentences, evidence):
            return facts
    return ()


def _held(turn: Turn, said: Sequence[Said], evidence: Sequence[_Evidence]) -> tuple[Fact, ...]:
    """The sentences that hold, if they still answer."""
    named = [(one, evidence[one.source - 1]) for one in said if 0 < one.source <= len(evidence)]
    holding = [(one, each) for one, each in named if _holds(turn, one, each)]
    facts = tuple(Fact(" ".join(one.text.split()), each.source) for one, each in holding)
    if len(facts) == len(said) or _still_answers(turn, facts, {each.source for _, each in named}):
        return facts
    return ()


def _holds(turn: Turn, said: Said, evidence: _Evidence) -> bool:
    forbidden = first_word(said.text, turn.policy.voice.forbidden_words)
    return not forbidden and is_grounded(said.text, evidence.source.sentence, evidence.above)


def _still_answers(turn: Turn, facts: Sequence[Fact], named: set[Source]) -> bool:
    """What fell out was no answer: no sentence chosen for the question, and nothing that was asked, went with
    it."""
    kept = {fact.source for fact in facts}
    if named & set(turn.sources) - kept:
        return False
    asked = asked_terms(turn.question)
    return _touched(asked, turn.facts) <= _touched(asked, [fact.text for fact in facts])


def _touched(asked: frozenset[str], texts: Sequence[str]) -> set[str]:
    body = " ".join(texts).lower()
    return {term for term in asked if term in body}


def _evidence(turn: Turn, tools: Tools) -> list[_Evidence]:
    """The chosen sentences first, then those beside them; none that tries to instruct the assistant: an
    article may come from a web page."""
    beside = (source for hit in turn.hits for source in _sentences(hit))
    found: dict[tuple[int, str], Source] = {}
    for one in (*turn.sources, *beside):
        found.setdefault((one.chunk_id, one.sentence), one)
    chosen = list(found.values())[:_MOST_EVIDENCE]
    above = {hit.chunk_id: _above(hit) for hit in turn.hits}
    lines = [_Evidence(one, above.get(one.chunk_id, one.title)) for one in chosen]
    texts = [one.sentence for one in chosen]
    traits = tools.traits(texts, tools.encode(texts))
    return [line for line, trait in zip(lines, traits, strict=True) if trait.injection <= _INJECTS]


def _sentences(hit: Hit) -> Iterator[Source]:
    for sentence in hit.sentences:
        yield Source(hit.article_id, hit.chunk_id, hit.title, round(sentence.score, 4), sentence.text)


def _above(hit: Hit) -> str:
    return ", ".join(dict.fromkeys(text for text in (hit.title, hit.heading, hit.question or "") if text))


def _remembered(turn: Turn) -> Iterator[str]:
    """What is known of the contact and was said long ago, before the messages themselves."""
    if turn.details:
        yield "Known of the customer: " + "; ".join(
            f"{one.kind.replace('_', ' ')}: {one.value}" for one in turn.details
        )
    yield from (f"Earlier: {line}" for line in turn.recap)


def _line(message: Message) -> str:
    who = "Customer" if message.author == "contact" else "We"
    return f"{who}: {' '.join(shorten(message.text, _MOST_OF_A_MESSAGE).split())}"


def _understood(turn: Turn) -> str:
    triage = turn.understood
    return f"intent {triage.intent}, mood {triage.sentiment.label}, urgency {triage.urgency}"


def private(turn: Turn) -> tuple[Private, ...]:
    """Who the contact is, and what only they and we know."""
    contact = turn.contact
    names = [contact.name or "", *(one.value for one in turn.details if one.kind == "name")]
    known = {("name", part) for name in names for part in (name, *name.split())}
    known |= {("email", contact.email or ""), ("phone", contact.phone or "")}
    known |= {("order", one.value) for one in turn.details if one.kind == "order_number"}
    for text in (turn.question, *turn.recap, *(message.text for message in turn.memory)):
        known |= set(_entities(turn, text))
    return tuple(Private(kind, text) for kind, text in sorted(known) if text)


def _entities(turn: Turn, text: str) -> Iterator[tuple[str, str]]:
    policy = turn.policy
    found = find_entities(
        text, region=policy.region, order_patterns=policy.order_patterns, products=(), now=turn.now
    )
    return ((_PRIVATE[one.kind], one.text) for one in found if one.kind in _PRIVATE)
