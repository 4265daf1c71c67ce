"""Northwind before its hub starts: its knowledge is indexed, its Page on the sandbox answers by itself."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from socialai import app as hub
from socialai.actions import articles
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.domain.policy import Policy, Rules
from socialai.domain.triage import INTENTS
from socialai.jobs.index import index
from socialai.knowledge.faq import Pair, write_pairs
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import WORLD
from socialai.sandbox.northwind import shop
from socialai.security import accounts
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import articles as store
from socialai.store import channels, policies

TENANT = "northwind"
BYSTANDER = "rival"
VERIFY_TOKEN = "chaos-verify-token"
PASSWORD = "a long enough password"
_TALKATIVE = Rules(
    angry_below=-1,
    high_urgency=False,
    vip_sales=False,
    no_evidence=False,
    low_confidence=False,
    foreign_language=False,
)
"""Few calls for a person, so that much is sent."""


def open_shop(data_dir: Path, sandbox: Sandbox) -> None:
    """Two tenants; nothing may happen at the second."""
    app = hub.build(Settings(data_dir=data_dir))
    for tenant_id in (TENANT, BYSTANDER):
        app.files.create(tenant_id)
        accounts.add_tenant(app.gate, tenant_id, tenant_id, f"o@{tenant_id}.example", "Owner", PASSWORD)
        _connect(app, tenant_id, sandbox)
    _leave_alone(app, BYSTANDER)
    _teach(app)
    hub.stop(app)


def _connect(app: App, tenant_id: str, sandbox: Sandbox) -> Channel:
    page, platform_app = WORLD.accounts[0], WORLD.apps[0]
    values = {
        "page_id": page.id,
        "page_token": page.token,
        "app_secret": platform_app.secret,
        "verify_token": VERIFY_TOKEN,
        "graph_url": sandbox.base_url,
    }
    channel = app.channels.connect(tenant_id, "facebook", page.name, values, app.clock())
    database = app.files.tenant(tenant_id)
    database.write(lambda db: channels.set_mode(db, channel.id, "auto", INTENTS))
    database.write(lambda db: policies.put(db, Policy(rules=_TALKATIVE)))
    return channel


def _leave_alone(app: App, tenant_id: str) -> None:
    """The hub neither checks its channels today nor asks for news: whatever else changes is a fault."""
    database, now = app.files.tenant(tenant_id), app.clock()
    later = now + timedelta(days=1)
    for channel in database.read(channels.channels):
        database.write(partial(channels.checked, channel_id=channel.id, now=now, again_at=later))
        database.write(partial(channels.set_polls, channel_id=channel.id, polls="off", due_at=None))


def _teach(app: App) -> None:
    pairs = write_pairs(Pair(question, answer) for question, answer in shop.faq())
    articles.add(app, operator(TENANT), "Questions and answers", "faq", pairs, "sample shop")
    database = app.files.tenant(TENANT)
    for article_id in database.read(store.unindexed):
        index(app, TENANT, article_id)
