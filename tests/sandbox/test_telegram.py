"""The stand-in of Telegram, tried by a client that others wrote and by the product's own adapter."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Bot, ReplyParameters, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.request import HTTPXRequest

from socialai.domain.happening import (
    Attachment,
    Deleted,
    Echoed,
    Edited,
    Ignored,
    Moved,
    Noted,
    Reacted,
    Received,
)
from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing, WebhookRequest
from socialai.platforms.telegram import Telegram
from socialai.platforms.telegram.config import TelegramConfig
from socialai.sandbox.telegram.bots import TelegramSandbox
from socialai.sandbox.telegram.records import Person

from .conftest import Clock, Hub

ADA, GROUP = 7001, -445566
SECONDS = 10.0
DOING = Callable[[Bot], Awaitable[Any]]


@pytest.fixture
def stand_in(clock: Clock) -> Iterator[TelegramSandbox]:
    with TelegramSandbox(clock=clock, retry_waits=(0.0, 0.01), hold_for=5.0) as running:
        yield running


@pytest.fixture
def foreign(stand_in: TelegramSandbox) -> Callable[..., Any]:
    """`foreign(lambda bot: bot.get_me())`, with python-telegram-bot."""

    async def run(act: DOING, token: str) -> Any:
        wires = [HTTPXRequest(httpx_kwargs={"trust_env": False}) for _ in range(2)]
        urls = {"base_url": f"{stand_in.base_url}/bot", "base_file_url": f"{stand_in.base_url}/file/bot"}
        async with Bot(token, **urls, get_updates_request=wires[0], request=wires[1]) as bot:
            return await act(bot)

    return lambda act, token=stand_in.bot.token: asyncio.run(run(act, token))


@pytest.fixture
def telegram(stand_in: TelegramSandbox) -> Iterator[Telegram]:
    config = TelegramConfig(
        bot_token=stand_in.bot.token, username=stand_in.bot.username, api_url=stand_in.base_url
    )
    with httpx.Client(timeout=2, trust_env=False) as http:
        yield Telegram(config, http)


def outgoing(**changes: Any) -> Outgoing:
    said = {"contact": str(ADA), "text": "Yes, we ship to Norway. 🏔", "key": "socialai:9", "by_person": False}
    return Outgoing(**{**said, "last_contact_message_at": None, **changes})


def test_a_foreign_client_says_changes_and_deletes(
    stand_in: TelegramSandbox, foreign: Callable[..., Any]
) -> None:
    asked = stand_in.say(ADA, "Do you ship to Norway?", name="Ada Byron")

    async def act(bot: Bot) -> None:
        me = await bot.get_me()
        assert (me.username, me.is_bot) == ("northwind_bot", True)
        said = await bot.send_message(ADA, "Yes", reply_parameters=ReplyParameters(asked))
        assert said.reply_to_message is not None
        assert said.reply_to_message.message_id == asked
        assert said.from_user == me
        await bot.send_chat_action(ADA, "typing")
        assert await bot.edit_message_text("Yes!", ADA, said.message_id)
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_text("Yes!", ADA, said.message_id)
        assert await bot.delete_message(ADA, said.message_id)
        with pytest.raises(BadRequest, match="to delete not found"):
            await bot.delete_message(ADA, said.message_id)

    foreign(act)
    assert [(said.text, said.deleted) for said in stand_in.sent(ADA)] == [("Yes!", True)]


def test_a_foreign_client_reads_every_update(stand_in: TelegramSandbox, foreign: Callable[..., Any]) -> None:
    everything(stand_in)

    async def act(bot: Bot) -> tuple[Update, ...]:
        updates = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
        assert await bot.get_updates(offset=updates[-1].update_id + 1) == ()
        photo = updates[1].effective_message
        assert photo is not None
        file = await bot.get_file(photo.photo[-1].file_id)
        assert await file.download_as_bytearray() == b"\xff\xd8 a photo"
        return updates

    kinds = [kind for update in foreign(act) for kind in Update.ALL_TYPES if getattr(update, kind)]
    assert kinds == [
        *("message", "message", "edited_message", "message", "business_connection", "business_message"),
        *("business_message", "business_message", "deleted_business_messages", "my_chat_member"),
        *("my_chat_member", "message", "message", "my_chat_member"),
    ]


def everything(stand_in: TelegramSandbox) -> None:
    """Everything that the demo's people can do which a bot is told unasked."""
    stand_in.say(ADA, "hello", name="Ada Byron")
    stand_in.say(ADA, "Is this it?", content={"photo": {"width": 90, "height": 60}}, file=b"\xff\xd8 a photo")
    stand_in.say(ADA, "Is this the one?", edit=True)
    stand_in.say(ADA, "/hours@northwind_bot", group=GROUP)
    stand_in.say(ADA, "not for the bot", group=GROUP)
    stand_in.connect_business("bc1", Person(55, "Robin Hale"))
    number = stand_in.say(ADA, "Are you open?", connection="bc1")
    stand_in.say(ADA, "On Sunday, I mean", connection="bc1")
    stand_in.reply_as_person(ADA, "From ten.", "bc1")
    stand_in.delete(ADA, number, "bc1")
    stand_in.say(ADA, blocks=True)
    stand_in.say(ADA, blocks=False)
    stand_in.upgrade(GROUP, -1008877665544)
    stand_in.remove_bot(-1008877665544)


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # of its own future
def test_a_foreign_client_meets_the_refusals_it_knows(
    stand_in: TelegramSandbox, foreign: Callable[..., Any]
) -> None:
    stand_in.say(ADA, "hello")
    stand_in.say(7002, "hello")
    stand_in.say(7002, blocks=True)

    async def act(bot: Bot) -> None:
        with pytest.raises(Forbidden, match="blocked by the user"):
            await bot.send_message(7002, "Hello")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(9999, "Hello")
        with pytest.raises(BadRequest, match="too long"):
            await bot.send_message(ADA, "x" * 4097)
        stand_in.fail("rate_limit")
        with pytest.raises(RetryAfter):
            await bot.send_message(ADA, "Hello")
        await bot.set_webhook("https://hub.example.com/", secret_token="s")
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == ("https://hub.example.com/", 3)
        with pytest.raises(Conflict):
            await bot.get_updates()
        await bot.delete_webhook()

    foreign(act)
    with pytest.raises(InvalidToken):
        foreign(lambda bot: bot.get_me(), "1:wrong")


def test_the_adapter_understands_everything_that_the_stand_in_tells(
    stand_in: TelegramSandbox, telegram: Telegram, clock: Clock
) -> None:
    assert telegram.check() == "Northwind"
    stand_in.say(ADA, "hello", name="Ada Byron")
    telegram.send(outgoing(), clock.now)
    everything(stand_in)
    stand_in.say(ADA, reaction="👍")
    stand_in.say(ADA, press="size:42")
    found = telegram.poll(None, clock.now)
    told = [what for body in found.bodies for what in Telegram.parse(body)]
    kept = [what for what in told if isinstance(what, Received)]
    assert [(what.contact, what.text) for what in kept] == [
        (str(ADA), "hello"),
        (str(ADA), "hello"),
        (str(ADA), "Is this it?"),
        (str(ADA), "/hours@northwind_bot"),
        (f"{ADA}@bc1", "Are you open?"),
        (f"{ADA}@bc1", "On Sunday, I mean"),
        (str(ADA), "size:42"),
    ]
    for kind in (Edited, Echoed, Deleted, Noted, Moved):
        assert any(isinstance(what, kind) for what in told), kind
    assert {what.channel for what in told if not isinstance(what, Ignored)} == {telegram.external_id}
    stand_in.say(ADA, "and on Monday?")
    again = [Telegram.parse(body) for body in telegram.poll(found.cursor, clock.now).bodies]
    assert [getattr(what, "text", "") for (what,) in again] == ["and on Monday?"]


def test_reactions_come_only_to_who_asked_for_them(
    stand_in: TelegramSandbox, telegram: Telegram, clock: Clock
) -> None:
    stand_in.say(ADA, "hello")
    sent = telegram.send(outgoing(), clock.now)
    telegram.poll(None, clock.now)
    stand_in.say(ADA, reaction="👍")
    (body,) = telegram.poll(None, clock.now).bodies[-1:]
    (reacted,) = Telegram.parse(body)
    assert isinstance(reacted, Reacted)
    assert (reacted.external_id, reacted.emoji) == (sent, "👍")


def test_the_adapter_sends_types_acknowledges_and_fetches(
    stand_in: TelegramSandbox, telegram: Telegram, clock: Clock
) -> None:
    asked = stand_in.say(ADA, "hello", content={"document": {"file_name": "a.txt"}}, file=b"text")
    telegram.typing(outgoing())
    telegram.send(outgoing(answers=f"{ADA}/{asked}/q1"), clock.now)
    assert [action.kind for action in stand_in.actions] == ["typing", "acknowledged"]
    assert stand_in.sent(ADA)[0].reply_to == asked
    place = telegram.locate(Attachment("file", ref=next(iter(stand_in.state.files))))
    assert place is not None
    target = {"target": place.target.encode()}
    assert telegram.http.get(place.url, extensions=target).content == b"text"


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        ("rate_limit", "retry"),
        ("server_error", "retry"),
        ("expired_token", "reauthorise"),
        ("temporary_block", "permanent"),
        ("broken_connection", "unknown"),
        ("timeout_before_accepting", "unknown"),
        ("timeout_after_accepting", "unknown"),
    ],
)
def test_a_failure_means_what_it_should(
    stand_in: TelegramSandbox, telegram: Telegram, clock: Clock, failure: Any, outcome: str
) -> None:
    stand_in.say(ADA, "hello")
    stand_in.fail(failure)
    telegram.http.timeout = 0.2
    with pytest.raises(DeliveryError) as caught:
        telegram.send(outgoing(), clock.now)
    assert caught.value.outcome == outcome


def test_a_group_that_moved_is_found_again(
    stand_in: TelegramSandbox, telegram: Telegram, clock: Clock
) -> None:
    stand_in.say(ADA, "/hours", group=GROUP)
    stand_in.upgrade(GROUP, -1008877665544)
    sent = telegram.send(outgoing(thread=str(GROUP), answers=f"{GROUP}/7"), clock.now)
    assert sent.startswith("-1008877665544/")


def test_webhooks_carry_the_secret_and_come_again_until_they_are_taken(
    stand_in: TelegramSandbox, telegram: Telegram, hub: Hub, clock: Clock
) -> None:
    hub.statuses[:] = [503, 502]
    telegram.subscribe(hub.url)
    stand_in.say(ADA, "first")
    stand_in.say(ADA, "second")
    assert stand_in.idle(SECONDS)
    for body, headers in hub.received:
        telegram.verify(WebhookRequest(headers, {}, body))
    told = [what for body, _ in hub.received for what in Telegram.parse(body)]
    assert [what.text for what in told if isinstance(what, Received)] == ["first"] * 3 + ["second"]
    found = {each.about: each.says for each in telegram.examine(hub.url, clock.now + timedelta(minutes=3))}
    assert found["Webhook"] == "Telegram delivers to this hub."
    assert "502" in found["Deliveries"]
    assert telegram.poll(None, clock.now).more is False
