"""Write the reply from what was found, in the tenant's voice, in the cheapest way that is good enough."""

from socialai.agents.evidence import best_evidence, same_question
from socialai.agents.small_talk import courtesy
from socialai.agents.tiers import model_adds
from socialai.agents.turn import Tools, Turn
from socialai.agents.write import Fact, write
from socialai.domain.policy import Voice
from socialai.domain.reply import Source, Tier


def compose(turn: Turn, tools: Tools) -> Turn:
    if turn.understood.intent == "spam":
        return turn
    if turn.is_courteous:
        said = _courtesy(turn)
        return turn.learn(reply=said, tier="template") if said else turn
    if approved := _approved(turn):
        return approved
    sources = best_evidence(turn.question, turn.hits)
    if not sources:
        return turn.learn(reply=_fit(turn, [turn.policy.voice.cannot_answer], ""), tier="template")
    quoted = _quoted(turn, sources)
    facts = write(quoted, tools) if tools.write and model_adds(quoted) else ()
    return _answer(quoted, facts, "model") if facts else quoted


def _courtesy(turn: Turn) -> str:
    """In the tenant's own words; empty: nothing is said."""
    voice, kind = turn.policy.voice, courtesy(turn.question)
    if kind == "thanks":
        return voice.thanks if _may_answer_thanks(turn) else ""
    said = {
        "greeting": voice.welcome,
        "small_talk": voice.small_talk,
        "about_me": voice.about_me,
        None: voice.off_topic,
    }[kind]
    return turn.shorten(_join(_greeting(turn), said)) if said or kind == "greeting" else ""


def _may_answer_thanks(turn: Turn) -> bool:
    """Once, where no person has to approve it: two machines would thank each other for ever."""
    ours = next((message.text for message in reversed(turn.memory) if message.author != "contact"), None)
    return turn.mode == "auto" and ours is not None and turn.policy.voice.thanks not in ours


def _approved(turn: Turn) -> Turn | None:
    """The tenant's answer to this very question, as it is written; None where it does not fit whole."""
    hit = turn.hits[0] if turn.hits else None
    if hit is None or not same_question(hit) or not turn.fits(hit.text):
        return None
    source = Source(hit.article_id, hit.chunk_id, hit.title, round(hit.score, 4), hit.text)
    return _answer(turn, (Fact(hit.text, source),), "approved")


def _quoted(turn: Turn, sources: tuple[Source, ...]) -> Turn:
    """The facts in the order of their articles; the weakest go first when they do not fit."""
    invitation = _invitation(turn)
    while len(sources) > 1 and not turn.fits(_draft(turn, sources, invitation)):
        weakest = min(sources, key=lambda source: source.score)
        sources = tuple(source for source in sources if source is not weakest)
    return _answer(turn, tuple(Fact(source.sentence, source) for source in sources), "extractive")


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
        (_greeting(turn), _ending(turn, "")),
        ("", ""),
    ):
        text = _join(greeting, body, ending)
        if turn.fits(text):
            return text
    return turn.shorten(body)


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _ending(turn: Turn, invitation: str) -> str:
    return _join(invitation, turn.policy.voice.signature) if _speaks_its_own(turn) else ""


def _greeting(turn: Turn) -> str:
    speaks = _speaks_its_own(turn) and not _already_talking(turn)
    return greeting(turn.policy.voice, turn.name) if speaks else ""


def _speaks_its_own(turn: Turn) -> bool:
    """The tenant's own words are in the first of its languages; the others get the facts alone."""
    return turn.language == turn.policy.voice.languages[0]


def greeting(voice: Voice, name: str | None) -> str:
    """'Hi Ada!' or, when the name is unknown, 'Hi!'."""
    first = (name or "").split(" ")[0]
    return voice.greeting.replace(" {name}", f" {first}" if first else "").replace("{name}", first)


def _already_talking(turn: Turn) -> bool:
    """We answered in this conversation not long ago: a second 'Hi!' would read like a machine."""
    return any(message.author != "contact" for message in turn.memory)
