"""A long conversation in short: its sentences that tell most, or a language model's words for them.

Both go on from what was kept before, so that each message is looked at once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace
from sentencex import segment

from socialai.agents.check import doubts
from socialai.agents.prompts import recap as prompts
from socialai.agents.small_talk import is_small_talk
from socialai.agents.support import is_polite
from socialai.agents.turn import Write
from socialai.domain.clock import stamp
from socialai.domain.conversation import Message
from socialai.domain.memory import Line, Recap
from socialai.domain.text import shorten
from socialai.errors import ModelError
from socialai.inference.llm import Private

MOST_LINES = 14
_LONGEST_LINE = 200
_SENTENCES = 3
"""Of one message, that may be kept."""
_NEWS = 5
"""Lines that are not told yet, from which a language model is asked again."""
_SAME = 0.7
"""Of the words of a line: who says as many of them again tells nothing new."""
_FADES = 0.04
"""A line is worth so much less for each newer one."""
_WORD = re.compile(r"[^\W_]{3,}")
_EXACT = re.compile(r"\d")
_OWN = re.compile(r"\b(?:my|mine|i['’]m|i am|i need|i want|i['’]d|order|name|size|prefer)\b", re.IGNORECASE)


def taken_in(before: Recap, messages: Sequence[Message]) -> Recap:
    """With what these messages, oldest first, tell."""
    if not messages:
        return before
    new = [line for message in messages for line in _lines(message)]
    last = messages[-1]
    return replace(
        before, lines=_worth_most([*before.lines, *new]), until_at=stamp(last.sent_at), until_id=last.id
    )


def in_words(recap: Recap, write: Write, private: Sequence[Private]) -> Recap:
    """As a language model tells it, where enough is new and it says nothing that was not said. Raises
    nothing: the lines tell it too."""
    if len(recap.newer) < _NEWS:
        return recap
    known = [line for line in (recap.text, *map(spoken, recap.newer)) if line]
    try:
        text = " ".join(write(prompts.prompt(known, tuple(private)), prompts.Recounted).text.split())
    except ModelError:
        return recap
    if not text or any(doubts(text, known)):
        return recap
    return replace(recap, text=text, text_until_id=recap.lines[-1].message_id)


def told(recap: Recap) -> tuple[str, ...]:
    """For who reads it, oldest first."""
    lines = map(spoken, recap.newer if recap.text else recap.lines)
    return tuple(filter(None, (recap.text, *lines)))


def spoken(line: Line) -> str:
    return f"{'Customer' if line.author == 'contact' else 'We'}: {line.text}"


def _lines(message: Message) -> Iterator[Line]:
    if message.deleted_at or not message.text or is_small_talk(message.text):
        return
    sentences = sorted(segment("en", message.text), key=_weight, reverse=True)[:_SENTENCES]
    for sentence in sorted(sentences, key=message.text.find):
        text = " ".join(shorten(sentence, _LONGEST_LINE).split())
        if text and (message.author == "contact" or not is_polite(text)):
            yield Line(message.id, message.author, message.sent_at, text)


def _worth_most(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Oldest first; of two that say the same the newer one."""
    apart = list(_apart(lines))
    worth = {at: _worth(line) - _FADES * (len(apart) - at) for at, line in enumerate(apart)}
    best = sorted(worth, key=lambda at: -worth[at])[:MOST_LINES]
    return tuple(apart[at] for at in sorted(best))


def _apart(lines: Sequence[Line]) -> Iterator[Line]:
    for at, line in enumerate(lines):
        words = _words(line.text)
        if words and not any(_repeats(words, later) for later in lines[at + 1 :]):
            yield line


def _repeats(words: frozenset[str], later: Line) -> bool:
    return len(words & _words(later.text)) >= _SAME * len(words)


def _worth(line: Line) -> float:
    return _weight(line.text) + (line.author == "contact")


def _weight(sentence: str) -> float:
    """Numbers, wishes and questions tell most of what a conversation is about."""
    marks: Iterable[bool] = (
        bool(_EXACT.search(sentence)), bool(_OWN.search(sentence)), sentence.rstrip().endswith("?"),
    )  # fmt: skip
    return sum(marks) + min(len(_words(sentence)), 10) / 20


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))
