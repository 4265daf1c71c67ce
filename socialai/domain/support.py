"""Is a sentence of a reply said by what we know? What is compared, what was found, and what is kept of it."""

from typing import Literal

from msgspec import Struct

Verdict = Literal["quoted", "supported", "unsupported", "removed", "courtesy"]
"""`quoted` stands in the knowledge word for word, `removed` was in the draft and is not any more, `courtesy`
claims nothing."""


class Candidate(Struct, frozen=True):
    """A sentence of the knowledge. `context` is what stands over it, `around` the whole passage, `closeness`
    its cosine to what is judged."""

    text: str
    context: str = ""
    around: str = ""
    closeness: float = 0.0
    article_id: int = 0
    chunk_id: int = 0
    title: str = ""


class Judgement(Struct, frozen=True):
    """`place` is the candidate it was linked to, None when there is none; `support` 0…1; `doubts` say what
    does not agree, as 'number: 49.90'."""

    place: int | None
    support: float
    doubts: tuple[str, ...] = ()


class Checked(Struct, frozen=True):
    """A sentence of a reply, with the sentence of the knowledge it was compared with, for audit."""

    text: str
    verdict: Verdict
    support: float = 1.0
    evidence: str = ""
    title: str = ""
    article_id: int | None = None
    chunk_id: int | None = None
    doubts: tuple[str, ...] = ()

    @property
    def claims(self) -> bool:
        return self.verdict != "courtesy"

    @property
    def found_by(self) -> tuple[str, ...]:
        """The kinds of what was wrong with it: 'number', 'name', … or 'judge' where it is no one thing."""
        if not self.claims or self.holds:
            return ()
        return tuple(dict.fromkeys(doubt.partition(":")[0] for doubt in self.doubts)) or ("judge",)

    @property
    def holds(self) -> bool:
        return self.verdict in ("quoted", "supported")
