"""Is a number said of the same thing? 'Helmets are free, child seats cost €4' says no price of helmets."""

from collections.abc import Callable, Iterator, Sequence

from socialai.domain.quantities import Quantity
from socialai.inference.agreement import Text, clauses

Read = Callable[[str], Text]


class Binding:
    """The clauses of one sentence of the knowledge, beside what is said."""

    def __init__(self, read: Read, said: Text, sentence: str) -> None:
        self._read = read
        self._weights = dict(said.content)
        self._said = said
        self._parts = [(part, read(part)) for part in clauses(sentence)]
        self._head = self._before_the_first_number()

    def of_numbers(self) -> float:
        """How much more of what is said stands with the numbers than with others of their kind; at most 0."""
        numbers = [number for number in self._said.facts.numbers if self._with(number)]
        return min(
            (min(self._rivalry(number), self._pairing(number, numbers)) for number in numbers), default=0.0
        )

    def of_subjects(self) -> float:
        """The weight of what the facts are said of there and not here; at most 0."""
        facts = [number.text.lower() for number in self._said.facts.numbers] + sorted(self._said.facts.days)
        return -max((min(found) for found in map(self._strangers, facts) if found), default=0.0)

    def _with(self, number: Quantity) -> list[Text]:
        return [part for _, part in self._parts if any(map(number.says, part.facts.numbers))]

    def _rivals(self, number: Quantity) -> Iterator[Text]:
        for _, part in self._parts:
            kinds = {other.kind for other in part.facts.numbers if not number.says(other)}
            if number.kind in kinds and not any(map(number.says, part.facts.numbers)):
                yield part

    def _rivalry(self, number: Quantity) -> float:
        here = max((self._held(part) for part in self._with(number)), default=0.0)
        return min((min(0.0, here - self._held(rival)) for rival in self._rivals(number)), default=0.0)

    def _pairing(self, number: Quantity, numbers: Sequence[Quantity]) -> float:
        """Two numbers of one clause belong to one clause there, where each clause has its own."""
        for other in numbers:
            apart = not any(any(map(other.says, part.facts.numbers)) for part in self._with(number))
            if (
                apart
                and other.kind != number.kind
                and any(each.kind == other.kind for part in self._with(number) for each in part.facts.numbers)
            ):
                return -1.0
        return 0.0

    def _held(self, part: Text) -> float:
        return sum(weight for word, weight in self._weights.items() if word in part.known - self._head)

    def _before_the_first_number(self) -> frozenset[str]:
        """What the clauses after it share without saying it again."""
        for text, part in self._parts:
            if part.facts.numbers:
                return self._read(text[: text.find(part.facts.numbers[0].text)]).known
        return frozenset()

    def _strangers(self, fact: str) -> list[float]:
        """For each clause that has the fact, the weight before it that is not said here."""
        found = []
        for text, _ in self._parts:
            at = text.lower().find(fact)
            if at >= 0:
                before = self._read(text[:at])
                found.append(sum(weight for word, weight in before.content if word not in self._said.known))
        return found
