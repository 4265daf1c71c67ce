"""What language models cost: kept with every text they write, at the prices the tenant has set."""

from datetime import datetime

from msgspec import Struct

from socialai.context import App
from socialai.domain.engine import RemoteEngine
from socialai.domain.spending import Place, Prices, TierCost, Writing, tokens_of
from socialai.inference.llm import Prompt, Written, user_text
from socialai.security.permissions import Principal
from socialai.store import writings


class Spending(Struct, frozen=True):
    """`tiers` are the messages by what answered them; `kept` how often nothing had to be written again."""

    since: datetime
    prices: Prices
    tiers: list[TierCost]
    kept: int
    dollars: float


def record(app: App, tenant_id: str, engine: str, prompt: Prompt, written: Written) -> int:
    """Whatever becomes of it: it has cost what it cost."""
    database = app.files.tenant(tenant_id)
    prices = database.read(writings.prices)
    outside = isinstance(app.engines.choice(tenant_id), RemoteEngine)
    tokens_in = written.tokens_in or tokens_of(prompt.system + user_text(prompt))
    tokens_out = written.tokens_out or tokens_of(written.text)
    dollars = prices.of_tokens(tokens_in, tokens_out) if outside else prices.of_work(written.ms)
    place: Place = "outside" if outside else "here"
    writing = Writing(
        app.clock(), prompt.purpose, engine, place, tokens_in, tokens_out, round(written.ms, 1), dollars
    )
    return database.write(lambda db: writings.add(db, writing))


def record_kept(app: App, tenant_id: str, engine: str, prompt: Prompt) -> int:
    """It was written before for the same question, and costs nothing now."""
    writing = Writing(app.clock(), prompt.purpose, engine, "kept", 0, 0, 0.0, 0.0)
    return app.files.tenant(tenant_id).write(lambda db: writings.add(db, writing))


def spending(app: App, tenant_id: str, since: datetime) -> Spending:
    database = app.files.tenant(tenant_id)
    use = database.read(lambda db: writings.use(db, since))
    tiers = database.read(lambda db: writings.by_tier(db, since))
    return Spending(since, database.read(writings.prices), tiers, use.kept, use.dollars)


def set_prices(app: App, who: Principal, prices: Prices) -> Prices:
    """For what is written from now on."""
    app.files.tenant(who.tenant_id).write(lambda db: writings.put_prices(db, prices))
    return prices
