"""Write the reply from the sentences that were found, in the tenant's voice."""

from socialai.agents.evidence import best_evidence
from socialai.agents.small_talk import is_greeting, is_thanks
from socialai.agents.turn import Tools, Turn
from socialai.domain.policy import Voice
from socialai.domain.reply import Source
from socialai.domain.text import shorten


def compose(turn: Turn, _tools: Tools) -> Turn:
    if turn.understood.intent == "spam" or is_thanks(turn.question):
        return turn
    if is_greeting(turn.question):
        return turn.learn(reply=_join(_greeting(turn), turn.policy.voice.welcome, ""))
    sources = best_evidence(turn.question, turn.hits)
    if not sources:
        return turn.learn(reply=_fit(turn, [turn.policy.voice.cannot_answer], ""))
    return _answer(turn, sources)


def _answer(turn: Turn, sources: tuple[Source, ...]) -> Turn:
    """The facts in the order of their articles; the weakest go first when they do not fit."""
    invitation = turn.policy.voice.call_to_action if turn.understood.intent == "sales" else ""
    while len(sources) > 1 and len(_draft(turn, sources, invitation)) > turn.reply_limit:
        weakest = min(sources, key=lambda source: source.score)
        sources = tuple(source for source in sources if source is not weakest)
    facts = [source.sentence for source in sources]
    return turn.learn(reply=_fit(turn, facts, invitation), facts=tuple(facts), sources=sources)


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
    return greeting(turn.policy.voice, turn.contact.name) if not _already_talking(turn) else ""


def greeting(voice: Voice, name: str | None) -> str:
    """'Hi Ada!' or, when the name is unknown, 'Hi!'."""
    first = (name or "").split(" ")[0]
    return voice.greeting.replace(" {name}", f" {first}" if first else "").replace("{name}", first)


def _already_talking(turn: Turn) -> bool:
    """We answered in this conversation not long ago: a second 'Hi!' would read like a machine."""
    return any(message.author != "contact" for message in turn.memory)
