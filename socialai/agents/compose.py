"""Write the reply from what was found, in the tenant's voice, in the cheapest way that is good enough."""

from socialai.agents.evidence import best_evidence
from socialai.agents.small_talk import is_greeting, is_thanks
from socialai.agents.tiers import cheapest, model_adds
from socialai.agents.turn import Tools, Turn
from socialai.agents.write import Fact, write
from socialai.domain.policy import Voice
from socialai.domain.reply import Source, Tier
from socialai.domain.text import shorten


def compose(turn: Turn, tools: Tools) -> Turn:
    if turn.understood.intent == "spam" or is_thanks(turn.question):
        return turn
    if is_greeting(turn.question):
        return turn.learn(reply=_join(_greeting(turn), turn.policy.voice.welcome, ""), tier="template")
    sources = best_evidence(turn.question, turn.hits)
    if not sources:
        return turn.learn(reply=_fit(turn, [turn.policy.voice.cannot_answer], ""), tier="template")
    quoted = _quoted(turn, sources)
    facts = write(quoted, tools) if tools.write and model_adds(quoted) else ()
    return _answer(quoted, facts, "model") if facts else quoted


def _quoted(turn: Turn, sources: tuple[Source, ...]) -> Turn:
    """The facts in the order of their articles; the weakest go first when they do not fit."""
    invitation = _invitation(turn)
    while len(sources) > 1 and len(_draft(turn, sources, invitation)) > turn.reply_limit:
        weakest = min(sources, key=lambda source: source.score)
        sources = tuple(source for source in sources if source is not weakest)
    return _answer(turn, tuple(Fact(source.sentence, source) for source in sources), cheapest(turn))


def _answer(turn: Turn, facts: tuple[Fact, ...], tier: Tier) -> Turn:
    texts = [fact.text for fact in facts]
    return turn.learn(
        reply=_fit(turn, texts, _invitation(turn)),
        facts=tuple(texts),
        sources=tuple(dict.fromkeys(fact.source for fact in facts)),
        tier=tier,
    )


def _invitation(turn: Turn) -> str:
    return turn.policy.voice.call_to_action if turn.understood.intent == "sales" else ""


def _draft(turn: Turn, sources: tuple[Source, ...], invitation: str) -> str:
    return _join(_greeting(turn), " ".join(source.sentence for source in sources), _ending(turn, invitation))


def _fit(turn: Turn, facts: list[str], invitation: str) -> str:
    """Within the limit: without the invitation, then the greeting; at last cut at a sentence."""
    body = " ".join(facts)
    for greeting, ending in (
        (_greeting(turn), _ending(turn, invitation)),
        (_greeting(turn), turn.policy.voice.signature),
        ("", ""),
    ):
        text = _join(greeting, body, ending)
        if len(text) <= turn.reply_limit:
            return text
    return shorten(body, turn.reply_limit)


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _ending(turn: Turn, invitation: str) -> str:
    return _join(invitation, turn.policy.voice.signature)


def _greeting(turn: Turn) -> str:
    return greeting(turn.policy.voice, turn.name) if not _already_talking(turn) else ""


def greeting(voice: Voice, name: str | None) -> str:
    """'Hi Ada!' or, when the name is unknown, 'Hi!'."""
    first = (name or "").split(" ")[0]
    return voice.greeting.replace(" {name}", f" {first}" if first else "").replace("{name}", first)


def _already_talking(turn: Turn) -> bool:
    """We answered in this conversation not long ago: a second 'Hi!' would read like a machine."""
    return any(message.author != "contact" for message in turn.memory)
