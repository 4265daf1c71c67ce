"""A question the tenant keeps to try its answers with, and how it was answered last."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from socialai.domain.matching import plain_form
from socialai.domain.question import Question
from socialai.errors import InvalidInput

MOST_LINES = 20
_LONGEST_QUESTION = 4000
_LONGEST_LINE = 300


class Wanted(Struct, frozen=True):
    """What a person wrote down: the question and what a right reply to it says. `article` is the title of the
    one that answers, or several as "One|Other"; a fact may give several wordings, "closed|not open"."""

    question: str
    answerable: bool
    facts: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    article: str = ""
    platform: str = "facebook"

    def asked(self, line: int) -> Question:
        titles = (plain_form(title) for title in self.article.split("|") if title.strip())
        return Question(line, self.question, self.answerable, self.facts, self.must_not, tuple(titles))


class Verdict(Struct, frozen=True):
    """`mistake` is empty when it was answered as it should be; `rank` is the named article's among the hits,
    from 1; `missing` facts and what was `said` that must not be."""

    at: datetime
    mistake: str
    answered: bool
    claims: bool
    rank: int | None
    reply: str
    tier: str
    milliseconds: float
    missing: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Case(Struct, frozen=True):
    id: int
    wanted: Wanted
    changed_at: datetime
    waits: bool
    verdict: Verdict | None = None


class Summary(Struct, frozen=True):
    """Of the cases that were asked since they were changed; shares are (how many, of how many)."""

    cases: int
    tried: int
    waiting: int
    found: tuple[int, int]
    answered: tuple[int, int]
    abstained: tuple[int, int]
    failing: int


def checked(wanted: Wanted) -> Wanted:
    """Without empty lines; InvalidInput says what to write instead."""
    facts, must_not = _lines(wanted.facts), _lines(wanted.must_not)
    question = wanted.question.strip()
    if not 0 < len(question) <= _LONGEST_QUESTION:
        raise InvalidInput(f"Write the question, in at most {_LONGEST_QUESTION} characters.")
    if facts and not wanted.answerable:
        raise InvalidInput("What your knowledge cannot answer has no facts. Remove them, or say it can.")
    for line in (*facts, *must_not, wanted.article):
        if len(line) > _LONGEST_LINE:
            raise InvalidInput(f"“{line[:40]}…” is longer than {_LONGEST_LINE} characters. Shorten it.")
    if max(len(facts), len(must_not)) > MOST_LINES:
        raise InvalidInput(f"At most {MOST_LINES} facts, and as many things that must not be said.")
    return Wanted(question, wanted.answerable, facts, must_not, wanted.article.strip(), wanted.platform)


def summary(cases: Sequence[Case]) -> Summary:
    tried = [(case.wanted, case.verdict) for case in cases if case.verdict]
    named = [verdict.rank == 1 for wanted, verdict in tried if wanted.answerable and wanted.article]
    answered = [verdict.answered for wanted, verdict in tried if wanted.answerable]
    abstained = [not verdict.claims for wanted, verdict in tried if not wanted.answerable]
    return Summary(
        cases=len(cases),
        tried=len(tried),
        waiting=sum(case.waits for case in cases),
        found=(sum(named), len(named)),
        answered=(sum(answered), len(answered)),
        abstained=(sum(abstained), len(abstained)),
        failing=sum(bool(verdict.mistake) for _, verdict in tried),
    )


def _lines(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines if line.strip(" |"))
