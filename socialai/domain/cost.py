"""What answering costs in a month: the usual calculation for a cloud, and ours beside it, step by step.

Money is US dollars.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import astuple

from socialai.domain.spending import Prices

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
    """What was measured: `messages` decided; `calls` to a model outside that wrote something, and its tokens;
    the same of models `here`, on this machine; how often what was `kept` served again; and what all of it
    cost at the prices of the time."""

    messages: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    here: int = 0
    here_in: int = 0
    here_out: int = 0
    here_ms: float = 0.0
    kept: int = 0
    dollars: float = 0.0

    def __add__(self, other: "Use") -> "Use":
        return Use(*map(sum, zip(astuple(self), astuple(other), strict=True)))


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
    outside = use.calls / use.messages if use.messages else 0.0
    here = use.here / use.messages if use.messages else 0.0
    energy = prices.watts / 1000 * _HOURS * DAYS
    steps = [
        Step(
            "Sentences of your own knowledge",
            f"{size.messages * max(0.0, 1 - outside - here):,.0f} messages, no price a message",
            0.0,
        ),
        _here(size, here, use),
        _tokens("sent", size, outside, use.tokens_in / max(use.calls, 1), prices.tokens_in),
        _tokens("received", size, outside, use.tokens_out / max(use.calls, 1), prices.tokens_out),
        Step(
            "Energy of this machine",
            f"{prices.watts:g} W × {_HOURS} h × {DAYS} days = {energy:,.0f} kWh × ${prices.kilowatt_hour:g}",
            energy * prices.kilowatt_hour,
        ),
    ]
    return _bill(size, steps)


def _here(size: Size, calls: float, use: Use) -> Step:
    """Its energy is in that of the machine, which runs day and night."""
    texts = size.messages * calls
    tokens, seconds = (use.here_in + use.here_out) / max(use.here, 1), use.here_ms / 1000 / max(use.here, 1)
    return Step(
        "A language model on this machine",
        f"{texts:,.0f} texts × {tokens:,.0f} tokens in {seconds:.1f} s each, no price a token",
        0.0,
    )


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
