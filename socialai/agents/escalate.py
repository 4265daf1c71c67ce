"""When a person has to look, by the tenant's own rules, each with its plain reason."""

import re
from collections.abc import Iterator, Sequence

from socialai.agents.evidence import unmentioned
from socialai.agents.remember import FORGET, asks_to_be_forgotten
from socialai.agents.turn import Tools, Turn
from socialai.domain.knowledge import UNANSWERED
from socialai.domain.language import language_name


def escalate(turn: Turn, _tools: Tools) -> Turn:
    if turn.understood.intent == "spam":
        return turn if _surely_spam(turn) else turn.escalate("it may be spam")
    return turn.learn(escalations=(*turn.escalations, *_reasons(turn)))


def _surely_spam(turn: Turn) -> bool:
    """Silence is for strangers: who has been talking with us is never left without an answer."""
    return turn.understood.confidence >= turn.policy.spam_confidence and not turn.memory


def _reasons(turn: Turn) -> Iterator[str]:
    yield from _about_the_contact(turn)
    yield from _about_the_answer(turn)
    yield from _about_the_text(turn)
    if word := first_word(turn.reply or "", turn.policy.voice.forbidden_words):
        yield f'the draft says "{word}", a word you never use'
    for doubt in turn.doubts:
        yield f"the draft says something no source says ({doubt})"


def _about_the_contact(turn: Turn) -> Iterator[str]:
    triage, score, rules = turn.understood, turn.scored, turn.policy.rules
    if triage.sentiment.score < rules.angry_below:
        yield f"the contact is angry (mood {triage.sentiment.score:+.2f})"
    if rules.high_urgency and triage.urgency == "high":
        yield "it is urgent"
    if rules.alarm and "alarm" in triage.flags:
        yield "it reads like an emergency, a threat or an angry demand"
    if word := first_word(turn.question, rules.words):
        yield f'the message says "{word}"'
    if rules.vip_sales and triage.intent == "sales" and score.value > turn.policy.thresholds.hot:
        yield f"a very promising buyer (score {score.value})"


def _about_the_answer(turn: Turn) -> Iterator[str]:
    if turn.only_media:
        yield "the message is a picture or a file, which a person has to look at"
    elif turn.policy.rules.no_evidence and not turn.sources and not turn.is_courteous:
        yield UNANSWERED
    elif turn.sources and (name := unmentioned(turn.question, turn.sources)):
        yield f'the answer does not mention "{name}"'


def _about_the_text(turn: Turn) -> Iterator[str]:
    triage, rules = turn.understood, turn.policy.rules
    if asks_to_be_forgotten(turn.question):
        yield FORGET
    if triage.custom_intent and triage.custom_intent.handling == "escalate":
        yield f'it is about "{triage.custom_intent.name}", which a person answers'
    if rules.injection and "injection" in triage.flags:
        yield "the message tries to instruct the assistant"
    if rules.foreign_language and "foreign_language" in triage.flags:
        language = language_name(triage.language.code)
        yield f"the message is in {language}, which the assistant was not trained for"
    elif rules.low_confidence and _is_unclear(turn):
        yield f"it is not clear what the contact wants (confidence {triage.confidence:.2f})"


def _is_unclear(turn: Turn) -> bool:
    unsure = turn.understood.confidence < turn.policy.escalate_confidence
    return unsure and not turn.only_media and not turn.is_courteous


def first_word(text: str, words: Sequence[str]) -> str | None:
    """The first of the tenant's words or phrases that the text has, as whole words."""
    for word in words:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
            return word
    return None
