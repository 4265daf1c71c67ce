"""The whole way, in the hub as it really runs: somebody writes on one of Meta's networks, the assistant
answers there, and what becomes of the answer comes back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from socialai import app as composition
from socialai.actions import channel_doctor
from socialai.actions import channels as actions
from socialai.context import App
from socialai.domain.triage import INTENTS
from socialai.jobs.index import index
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.stage import channels as accounts_of
from socialai.security import accounts
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import articles, channels
from tests.chaos.hub import free_port, until
from tests.serving import running

TENANT = "acme"
ADA, ADAS_NUMBER = "7001", "353850124014"
ASKED = "Do you ship to Norway and what does it cost?"
SHIPPING = "We ship to Norway and Sweden. Shipping to Norway costs 9 EUR and takes 3 to 5 working days."
PATIENCE = 60.0


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def app(tmp_path: Path, port: int) -> App:
    address = f"http://127.0.0.1:{port}"
    return composition.build(
        Settings(data_dir=tmp_path / "data", debounce_seconds=0.05, reconcile_seconds=0.2, public_url=address)
    )


@pytest.fixture
def sandbox(app: App, port: int) -> Iterator[Sandbox]:
    """Connected: each account of it is a channel whose answers go out by themselves."""
    with Sandbox() as sandbox:
        _furnish(app, sandbox)
        with running(app, port) as url:
            for watched, kind in (
                ("page", "facebook"),
                ("instagram", "instagram"),
                ("whatsapp_business_account", "whatsapp"),
            ):
                sandbox.connect(f"{url}/webhooks/{kind}/{TENANT}", "a-word", watched)  # type: ignore[arg-type]
            yield sandbox


def _furnish(app: App, sandbox: Sandbox) -> None:
    accounts.set_up(app.gate, TENANT, "Acme", "olga@acme.example", "Olga Berg", "green tomato soup")
    file = app.files.create(TENANT)
    shipping = file.write(
        lambda db: articles.add(
            db, title="Shipping", kind="text", text=SHIPPING, source="test", now=app.clock()
        )
    )
    index(app, TENANT, shipping.id)
    for account in accounts_of(sandbox, "a-word"):
        made = app.channels.connect(TENANT, account.kind, account.name, dict(account.values), app.clock())
        file.write(lambda db, made=made: channels.set_mode(db, made.id, "auto", INTENTS))


def kept(app: App, column: str) -> Callable[[], list[Any]]:
    """What the hub noted of each answer of the assistant."""
    sql = f"select {column} from message where author = 'assistant' and {column} is not null"
    return lambda: [row[0] for row in app.files.tenant(TENANT).read(lambda db: db.execute(sql).fetchall())]


def test_somebody_is_answered_on_every_one_of_metas_networks(sandbox: Sandbox, app: App) -> None:
    page, instagram = sandbox.first("page"), sandbox.first("instagram")
    remark = sandbox.comment(ADA, ASKED, name="Ada Byron", account_id=page.id)
    on_media = sandbox.comment(ADA, ASKED, name="Ada Byron", account_id=instagram.id)
    sandbox.say(ADA, ASKED, account_id=instagram.id)
    sandbox.chat(ADAS_NUMBER, ASKED, name="Ada Byron")

    def answers() -> dict[str, str]:
        public = {each.parent_id: each.text for each in sandbox.comments() if each.parent_id}
        private = {each.account_id: each.text for each in sandbox.sent(ADA)}
        chats = {each.account_id: each.text for each in sandbox.chats() if each.author == "app"}
        return {**public, **private, **chats}  # type: ignore[dict-item]

    wanted = {remark, on_media, instagram.id, sandbox.number.id}
    assert sandbox.wait_until(lambda: wanted <= answers().keys(), PATIENCE), answers()
    assert all("9 EUR" in answers()[each] for each in wanted)
    assert until(lambda: len(kept(app, "external_id")()) == len(wanted), PATIENCE)
    assert sandbox.idle(PATIENCE)
    assert until(lambda: len(kept(app, "read_at")()) == 2, PATIENCE), "Instagram, WhatsApp"
    assert len(sandbox.comments()) == 4
    assert len([each for each in sandbox.chats() if each.author == "app"]) == 1


def test_what_whatsapp_could_not_deliver_is_shown_and_not_sent_again(sandbox: Sandbox, app: App) -> None:
    sandbox.chat(ADAS_NUMBER, "Hello", name="Ada Byron")
    sandbox.chat(ADAS_NUMBER, blocks=True)
    sandbox.chat(ADAS_NUMBER, ASKED)

    def failed() -> bool:
        sql = "select count(*) from reply where state = 'failed'"
        return bool(app.files.tenant(TENANT).read(lambda db: db.execute(sql).fetchone()[0]))

    assert until(failed, PATIENCE)
    assert sandbox.idle(PATIENCE)
    assert len([each for each in sandbox.chats() if each.author == "app"]) == 1


def test_a_picture_is_fetched_with_the_numbers_token(sandbox: Sandbox, app: App) -> None:
    sandbox.chat(ADAS_NUMBER, "Is this covered?", file="image")

    def fetched() -> list[tuple[str, bytes]]:
        sql = "select media_type, content from blob where state = 'kept'"
        return app.files.tenant(TENANT).read(lambda db: [tuple(row) for row in db.execute(sql)])

    assert until(lambda: bool(fetched()), PATIENCE)
    ((media_type, content),) = fetched()
    assert media_type == "image/png"
    assert content.startswith(b"\x89PNG")


def test_the_doctor_finds_nothing_to_do_until_a_token_ends(sandbox: Sandbox, app: App) -> None:
    instagram = sandbox.first("instagram")
    sandbox.comment(ADA, "Nice!", account_id=sandbox.first("page").id)
    sandbox.comment(ADA, "Nice!", account_id=instagram.id)
    sandbox.chat(ADAS_NUMBER, "Thanks")
    assert sandbox.idle(PATIENCE)
    who, file = operator(TENANT), app.files.tenant(TENANT)
    known = {channel.platform: channel.id for channel in file.read(channels.channels)}
    assert until(lambda: all(each.last_event_at for each in file.read(channels.channels)), PATIENCE)
    for channel_id in known.values():
        actions.subscribe(app, who, channel_id)
        told = channel_doctor.examine(app, who, channel_id)
        assert {finding.state for finding in told} == {"ok"}, told
        assert {"Address", "Signature", "Deliveries", "Clock"} <= {finding.about for finding in told}
    sandbox.end_token(instagram)
    told = channel_doctor.examine(app, who, known["instagram"])
    assert [finding.about for finding in told if finding.state == "fix"] == ["Account"]
