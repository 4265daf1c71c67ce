"""What a language model wrote, and what it cost."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import astuple

from socialai.domain.reply import Tier

Place = Literal["here", "outside", "kept"]
"""On this machine, at an endpoint, or not again because the same was written before."""
Price = Annotated[float, Meta(ge=0, le=1_000_000)]

_MILLION = 1_000_000
_SECONDS_OF_A_KILOWATT = 3_600_000
"""So many watt seconds are a kilowatt hour."""
_LETTERS_OF_A_TOKEN = 4


class Prices(Struct, frozen=True, forbid_unknown_fields=True):
    """In US dollars: for a million tokens of an endpoint; what the machine draws, and a kilowatt hour."""

    tokens_in: Price = 0.0
    tokens_out: Price = 0.0
    watts: Price = 0.0
    kilowatt_hour: Price = 0.0

    def of_tokens(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / _MILLION

    def of_work(self, milliseconds: float) -> float:
        return self.watts * milliseconds / 1000 / _SECONDS_OF_A_KILOWATT * self.kilowatt_hour


class Writing(Struct, frozen=True):
    """One text of a language model. `turn_id` is the turn of the message it was for."""

    at: datetime
    purpose: str
    engine: str
    place: Place
    tokens_in: int
    tokens_out: int
    ms: float
    dollars: float
    turn_id: int | None = None
    id: int = 0


class TierCost(Struct, frozen=True):
    """Of the messages that one tier answered: `ms` of all steps together, what language models wrote for
    them, and what that cost. `tier` None: they were not answered."""

    tier: Tier | None
    messages: int
    ms: float
    tokens_in: int
    tokens_out: int
    dollars: float

    def __add__(self, other: "TierCost") -> "TierCost":
        """Of the same tier."""
        sums = (mine + theirs for mine, theirs in zip(astuple(self)[1:], astuple(other)[1:], strict=True))
        return TierCost(self.tier, *sums)

    @property
    def ms_each(self) -> float:
        return self.ms / self.messages if self.messages else 0.0

    @property
    def dollars_each(self) -> float:
        return self.dollars / self.messages if self.messages else 0.0


def tokens_of(text: str) -> int:
    """About; for an endpoint that does not say."""
    return -(-len(text) // _LETTERS_OF_A_TOKEN)
