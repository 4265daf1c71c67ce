"""What answering costs in a month: the usual calculation for a cloud, and ours beside it, step by step.

Money is US dollars.
"""

from collections.abc import Sequence

from msgspec import Struct

DAYS = 30
FIXED = 1313.0
"""Servers, database, queue and monitoring in the usual calculation, a month."""
_HOURS = 24


class CloudModel(Struct, frozen=True):
    """`share` of the messages it answers, 0…1; `price` for 1,000 tokens."""

    name: str
    share: float
    tokens: int
    price: float


CLOUD = (CloudModel("GPT-4", 0.2, 500, 0.06), CloudModel("GPT-3.5", 0.8, 300, 0.002))


class Size(Struct, frozen=True):
    tenants: int = 100
    messages_per_day: int = 1000

    @property
    def messages(self) -> int:
        """Of all tenants in a month."""
        return self.tenants * self.messages_per_day * DAYS


class Use(Struct, frozen=True):
    """What was measured: `messages` decided, and the calls to a model outside that wrote something."""

    messages: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.messages + other.messages,
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
        )


class Prices(Struct, frozen=True):
    """For a million tokens of an endpoint; what the machine draws, and a kilowatt hour."""

    tokens_in: float = 0.0
    tokens_out: float = 0.0
    watts: float = 0.0
    kilowatt_hour: float = 0.0


class Step(Struct, frozen=True):
    what: str
    how: str
    dollars: float


class Bill(Struct, frozen=True):
    steps: tuple[Step, ...]
    total: float
    per_message: float


def cloud(size: Size) -> Bill:
    """Every message goes to a model in a cloud."""
    return _bill(size, [*(_model(size, model) for model in CLOUD), Step("Fixed", "a month", FIXED)])


def ours(size: Size, use: Use, prices: Prices) -> Bill:
    """As measured here: what was not sent outside costs the machine's energy, nothing else."""
    calls = use.calls / use.messages if use.messages else 0.0
    energy = prices.watts / 1000 * _HOURS * DAYS
    steps = [
        Step(
            "Sentences of your own knowledge, or a model on this machine",
            f"{size.messages:,} messages, no price a message",
            0.0,
        ),
        _tokens("sent", size, calls, use.tokens_in / max(use.calls, 1), prices.tokens_in),
        _tokens("received", size, calls, use.tokens_out / max(use.calls, 1), prices.tokens_out),
        Step(
            "Energy of this machine",
            f"{prices.watts:g} W × {_HOURS} h × {DAYS} days = {energy:,.0f} kWh × ${prices.kilowatt_hour:g}",
            energy * prices.kilowatt_hour,
        ),
    ]
    return _bill(size, steps)


def _model(size: Size, model: CloudModel) -> Step:
    messages = size.messages * model.share
    tokens = messages * model.tokens
    how = (
        f"{size.messages:,} × {model.share:.0%} = {messages:,.0f} messages × {model.tokens} tokens"
        f" = {tokens:,.0f} tokens × ${model.price:g} for 1,000"
    )
    return Step(model.name, how, tokens / 1000 * model.price)


def _tokens(way: str, size: Size, calls: float, each: float, price: float) -> Step:
    tokens = size.messages * calls * each
    how = (
        f"{size.messages:,} messages × {calls:.3f} calls × {each:,.0f} tokens"
        f" = {tokens:,.0f} tokens × ${price:g} for 1,000,000"
    )
    return Step(f"Tokens {way} outside", how, tokens / 1_000_000 * price)


def _bill(size: Size, steps: Sequence[Step]) -> Bill:
    total = sum(step.dollars for step in steps)
    return Bill(tuple(steps), total, total / size.messages if size.messages else 0.0)
