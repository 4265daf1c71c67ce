"""socialai demo: the running hub with a believable shop and live sample traffic, all on this machine."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Annotated

import msgspec
import typer

from socialai import settings
from socialai.actions import articles, crms
from socialai.cli import serve
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.lead import Thresholds
from socialai.domain.policy import Policy
from socialai.errors import SettingsError
from socialai.knowledge.faq import Pair, write_pairs
from socialai.sandbox import traffic
from socialai.sandbox.crm import CrmSandbox
from socialai.sandbox.crms import CRM_SANDBOXES
from socialai.sandbox.northwind import shop
from socialai.sandbox.stage import Hub, Stage
from socialai.sandbox.stages import STAGES
from socialai.security import accounts
from socialai.security.permissions import operator
from socialai.store import articles as store
from socialai.store import crms as crm_store
from socialai.store import policies, tenants

TENANT = "demo"
EMAIL = "owner@northwind.example"
PASSWORD = "northwind-demo"
_DEBOUNCE = 2.0
_POLICY = Policy(thresholds=Thresholds(hot=65))
"""Most people of the demo write once, which alone makes nobody hot by the usual threshold."""


def demo(
    context: typer.Context,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    speed: Annotated[float, typer.Option(min=0.1, help="How many times as fast as the people write.")] = 4.0,
    browser: Annotated[bool, typer.Option(help="Open the inbox in the browser.")] = True,
) -> None:
    """Run the hub for a sample shop with people writing to it. Nothing leaves this machine."""
    chosen = settings.load()
    port = port or chosen.port
    here = chosen.public_url or f"http://127.0.0.1:{port}"  # the platforms are on this machine, too
    chosen = msgspec.structs.replace(chosen, debounce_seconds=_DEBOUNCE, port=port, public_url=here)
    stop = threading.Event()
    with ExitStack() as outside:

        def ready(app: App, address: str) -> None:
            _refuse_a_real_business(app)
            stages = [outside.enter_context(stage(app.settings.data_dir)) for stage in STAGES]
            _prepare(app, stages)
            _connect_crms(app, [outside.enter_context(crm()) for crm in CRM_SANDBOXES])
            typer.echo(f"Sign in as {EMAIL} with the password {PASSWORD}")
            for site in filter(None, (stage.site for stage in stages)):
                typer.echo(f"The shop's own site, with its chat: {site}")
            hub = Hub(address, TENANT)
            threading.Thread(
                target=_play, args=(app, stages, hub, speed, stop), name="traffic", daemon=True
            ).start()

        try:
            serve.run(program(context), chosen, browser=browser, ready=ready)
        finally:
            stop.set()


def _refuse_a_real_business(app: App) -> None:
    if _tenants(app) - {TENANT}:
        raise SettingsError(
            f"{app.settings.data_dir} holds a real business. Run the demo elsewhere: "
            "SOCIALAI_DATA_DIR=/some/empty/folder socialai demo"
        )


def _tenants(app: App) -> set[str]:
    return {tenant.id for tenant in app.files.app.read(tenants.tenants)}


def _prepare(app: App, stages: Sequence[Stage]) -> None:
    """The shop, its owner, its channels on the sandboxes and what it knows; what is there already stays."""
    if TENANT not in _tenants(app):
        app.files.create(TENANT)
        accounts.add_tenant(app.gate, TENANT, "Northwind Outfitters", EMAIL, "Robin Hale", PASSWORD)
        app.files.tenant(TENANT).write(lambda db: policies.put(db, _POLICY))
        _teach(app)
    for account in (each for stage in stages for each in stage.accounts()):
        app.channels.connect(TENANT, account.kind, account.name, dict(account.values), app.clock())
        if account.app:
            app.channels.apps.put_own(TENANT, account.kind, dict(account.app))


def _connect_crms(app: App, sandboxes: Sequence[CrmSandbox]) -> None:
    """What they held the last time ended with them, so nothing is known of it here either."""
    who = operator(TENANT)
    for known in app.files.tenant(TENANT).read(crm_store.crms):
        crms.disconnect(app, who, known.id)
    for sandbox in sandboxes:
        crms.connect(app, who, sandbox.kind, sandbox.values())


def _teach(app: App) -> None:
    who = operator(TENANT)
    for title, text in shop.articles():
        articles.add(app, who, title, "markdown", text, "sample shop")
    pairs = write_pairs(Pair(question, answer) for question, answer in shop.faq())
    articles.add(app, who, "Questions and answers", "faq", pairs, "sample shop")


def _play(app: App, stages: Sequence[Stage], hub: Hub, speed: float, stop: threading.Event) -> None:
    """People write once the hub answers and knows its articles, again and again until it stops."""
    database = app.files.tenant(TENANT)
    while database.read(store.unindexed) and not stop.wait(0.2):
        pass
    for stage in stages:
        stage.connect(hub)

    def round_of(number: int) -> list[traffic.Cue]:
        return [cue for stage in stages for cue in stage.cues(number)]

    traffic.play(round_of, speed, stop, loop=True)
