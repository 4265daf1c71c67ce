"""What people answered in a conversation that could be of use to others, without what tells who they are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from socialai.agents.small_talk import is_small_talk
from socialai.domain.candidate import Exchange
from socialai.domain.conversation import Message
from socialai.inference.llm import Private
from socialai.inference.masking import Mask

_LEAST_QUESTION, _LEAST_ANSWER = 3, 5
"""Words."""
_MOST = 4000
"""Characters of a question or an answer: whoever writes more has another purpose."""
_ASKS = re.compile(
    r"\?|\b(?:who|what|when|where|which|why|how|can|could|do|does|is|are|will|would|may|need|want)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\A\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))\b[^.!?,\n]{0,40}[.!,\n]\s*",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"\s*(?:^|(?<=[.!?\n]))\s*(?:(?:kind|best|warm|many) (?:regards|wishes)|regards|sincerely|cheers|yours)\b"
    r"[^.?]{0,80}\Z",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\[(?:ORDER|CARD|IBAN)_\d+\]")


def exchanges(messages: Sequence[Message], names: Iterable[str], region: str) -> list[Exchange]:
    """Of a whole conversation, oldest first. `names` are those of everybody in it."""
    private = [Private("name", part) for name in names for part in {name, *name.split()} if len(part) > 2]
    found = (_exchange(asked, said, Mask(private, region)) for asked, said in _pairs(messages))
    return [one for one in found if one is not None]


def _pairs(messages: Sequence[Message]) -> Iterator[tuple[list[Message], list[Message]]]:
    """What a contact wrote, and what a user wrote right after."""
    asked: list[Message] = []
    spoken = [message for message in messages if message.text and message.deleted_at is None]
    for author, group in groupby(spoken, key=lambda message: message.author):
        said = list(group)
        if author == "user" and asked:
            yield asked, said
        asked = said if author == "contact" else []


def _exchange(asked: Sequence[Message], said: Sequence[Message], mask: Mask) -> Exchange | None:
    question, answer = _plain(asked, mask), _plain(said, mask)
    if not _is_use(question, answer):
        return None
    removed = sorted(kind for kind in mask.counts if kind != "text")
    return Exchange(said[-1].id, question, answer, tuple(removed))


def _plain(messages: Sequence[Message], mask: Mask) -> str:
    text = "\n".join(message.text for message in messages)[:_MOST]
    text = _FAREWELL.sub("", _GREETING.sub("", text)).strip()
    text = mask.hide(text)
    return text[:1].upper() + text[1:]


def _is_use(question: str, answer: str) -> bool:
    """An answer about one order, or one that asks back, is of no use to anybody else."""
    return (
        len(question.split()) >= _LEAST_QUESTION
        and len(answer.split()) >= _LEAST_ANSWER
        and bool(_ASKS.search(question))
        and not is_small_talk(question)
        and not answer.rstrip().endswith("?")
        and not _PERSONAL.search(answer)
    )
