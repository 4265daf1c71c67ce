"""X's stand-in and the hub, end to end over real HTTP: delivered, answered, told of it, and not answered
again; and what the stand-in refuses."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from socialai import app as hub
from socialai.actions import channels as connected
from socialai.actions import replies as replying
from socialai.context import App
from socialai.errors import DeliveryError
from socialai.platforms.x import X
from socialai.platforms.x.config import XConfig
from socialai.platforms.x.connector import XApp, XConnector
from socialai.sandbox.x.records import APP, Person
from socialai.sandbox.x.sandbox import XSandbox
from socialai.security import accounts
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import conversations, messages
from socialai.store.db import Database
from tests.chaos.hub import until
from tests.platforms.x.sample import outgoing
from tests.serving import running

ADA = Person("2244994945", "adalove", "Ada Lovelace")
SECONDS = 30.0
WHO = operator("acme")
NOW = datetime(2026, 7, 24, 21, 0, tzinfo=UTC)


@pytest.fixture
def stand_in() -> Iterator[XSandbox]:
    with XSandbox(retry_waits=(0.0, 0.01), hold_for=5.0) as started:
        yield started


@pytest.fixture
def app(tmp_path: Path) -> App:
    settings = Settings(data_dir=tmp_path / "data", debounce_seconds=0.05, reconcile_seconds=0.2)
    return hub.build(settings)


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=10) as client:
        yield client


def texts(database: Database, thread: str = "") -> list[str]:
    """What was said and stands, ours only once X took it."""

    def run(db: Any) -> list[str]:
        number = conversations.find_by_identity(db, 1, ADA.id, thread)
        found = messages.messages(db, number) if number else []
        return [message.text for message in found if message.external_id and not message.deleted_at]

    return database.read(run)


def answer(app: App, database: Database, text: str, thread: str = "") -> None:
    number = database.read(lambda db: conversations.find_by_identity(db, 1, ADA.id, thread))
    assert number
    replying.write(app, WHO, number, text)
    assert until(lambda: text in texts(database, thread), SECONDS)


def test_what_is_said_in_private_and_in_public_is_answered_once(app: App, stand_in: XSandbox) -> None:
    accounts.set_up(app.gate, "acme", "Acme", "olga@acme.example", "Olga Berg", "green tomato soup")
    database = app.files.create("acme")
    with running(app) as url:
        channel = connected.connect(app, WHO, "x", "Our account", stand_in.values())
        adapter = app.channels.adapter("acme", channel.id)
        adapter.subscribe(f"{url}/webhooks/x/acme")
        findings = adapter.examine(f"{url}/webhooks/x/acme", datetime.now(UTC))
        assert [finding.state for finding in findings] == ["ok", "ok"]

        stand_in.say(ADA, "Is the Fjell jacket in stock?")
        assert until(lambda: bool(texts(database)), SECONDS)
        answer(app, database, "Yes, it is & ships today.")
        asked = stand_in.post(ADA, "hey @northwindshop do you ship to Norway?")
        assert until(lambda: bool(texts(database, asked.id)), SECONDS)
        answer(app, database, "Yes, we do.", asked.id)
        assert stand_in.idle(SECONDS)
        thanks = stand_in.post(ADA, "Thanks @northwindshop!", answers=stand_in.posted()[0].id)
        assert until(lambda: len(texts(database, asked.id)) == 3, SECONDS)
        stand_in.edit(thanks.id, "Many thanks @northwindshop!")
        assert until(lambda: "Many" in texts(database, asked.id)[-1], SECONDS)
        stand_in.delete(thanks.id)
        assert until(lambda: len(texts(database, asked.id)) == 2, SECONDS)
    assert [said.text for said in stand_in.sent()] == ["Yes, it is & ships today."]
    assert [(said.text, said.answers) for said in stand_in.posted()] == [("Yes, we do.", asked.id)]
    assert texts(database) == ["Is the Fjell jacket in stock?", "Yes, it is & ships today."]
    said = ["hey @northwindshop do you ship to Norway?", "Yes, we do."]
    assert texts(database, asked.id) == said


def test_an_account_is_connected_by_signing_in_and_its_tokens_rotate(
    stand_in: XSandbox, http: httpx.Client
) -> None:
    wanted = XApp(
        client_id=APP.client_id,
        client_secret=APP.client_secret,
        bearer_token=APP.bearer,
        api_url=stand_in.base_url,
        sign_in_url=stand_in.base_url,
    )
    connector, verifier, back = XConnector(wanted, http), "v" * 43, "https://hub.example/callback"
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    page = http.get(connector.authorise_url("state", back, challenge)).text
    link = page.partition('id="authorise" href="')[2].partition('"')[0].replace("&amp;", "&")
    code = parse_qs(urlsplit(link).query)["code"][0]
    granted = connector.grant(code, back, verifier, NOW)
    assert not granted.missing
    with pytest.raises(DeliveryError):
        connector.grant(code, back, verifier, NOW)

    values = dict(granted.accounts[0].values)
    stand_in.end_tokens()
    with pytest.raises(DeliveryError) as dead:
        X(XConfig(**values), http).check()
    assert dead.value.outcome == "reauthorise"
    renewed = X(XConfig(**values), http).renew(NOW)
    with pytest.raises(DeliveryError):
        X(XConfig(**values), http).renew(NOW)
    assert X(XConfig(**{**values, **renewed.values}), http).check() == "Northwind Outfitters"


def test_news_are_read_and_what_may_have_arrived_is_found(stand_in: XSandbox, http: httpx.Client) -> None:
    adapter = X(XConfig(**stand_in.values()), http)  # type: ignore[arg-type]
    begun = adapter.poll(None, NOW)
    stand_in.say(ADA, "hello")
    stand_in.post(ADA, "hey @northwindshop")
    polled = adapter.poll(begun.cursor, datetime.now(UTC))
    found = [what for body in polled.bodies for what in X.parse(body)]
    assert [getattr(what, "text", None) for what in found] == ["hello", "hey @northwindshop"]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("rate_limit", "retry"),
        ("server_error", "retry"),
        ("expired_token", "reauthorise"),
        ("temporary_block", "permanent"),
        ("broken_connection", "unknown"),
    ],
)
def test_each_failure_is_what_the_adapter_takes_it_for(
    stand_in: XSandbox, http: httpx.Client, kind: Any, outcome: str
) -> None:
    adapter = X(XConfig(**stand_in.values()), http)  # type: ignore[arg-type]
    stand_in.say(ADA, "hello")
    stand_in.fail(kind)
    with pytest.raises(DeliveryError) as caught:
        adapter.send(outgoing(contact=ADA.id), datetime.now(UTC))
    assert (caught.value.outcome, stand_in.sent()) == (outcome, [])
    assert adapter.send(outgoing(contact=ADA.id), datetime.now(UTC)) == stand_in.sent()[0].id
