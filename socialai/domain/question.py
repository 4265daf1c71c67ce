"""A customer's question in a test, and what a right reply to it says."""

from msgspec import Struct

from socialai.domain.matching import says


class Question(Struct, frozen=True):
    """`titles` are the articles that hold the answer, any of them, in plain form; empty: not said."""

    line: int
    text: str
    answerable: bool
    facts: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def manipulates(self) -> bool:
        """What must never be said to a question without an answer is what its writer wants to hear."""
        return not self.answerable and bool(self.must_not)

    def missing(self, reply: str) -> list[str]:
        return [fact for fact in self.facts if not says(reply, fact)]

    def forbidden(self, reply: str) -> list[str]:
        return [words for words in self.must_not if says(reply, words)]
