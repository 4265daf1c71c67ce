"""What is peculiar to Telegram: groups that get another id, presses without a time, sends that nobody can ask
about, news that are asked for all the time."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.actions import replies as replying
from socialai.domain.conversation import Conversation
from socialai.jobs.poll import poll
from socialai.store import channels, conversations, events, figures, outbox
from tests.conftest import Wire
from tests.jobs.desk import Desk

BOT, BEN, GROUP = "7301122334", "88120045", "-445566"
TOKEN = f"{BOT}:AAF-the-token-of-the-northwind-bot"


@dataclass
class Bot:
    """The Bot API's side: what was asked of it, and what it answers by method."""

    asked: list[tuple[str, Any]] = field(default_factory=list)
    answers: dict[str, Callable[[], httpx.Response]] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method = request.extensions["target"].decode().rpartition("/")[2]
        self.asked.append((method, json.loads(request.content)))
        usual = httpx.Response(200, json={"ok": True, "result": {"message_id": 3000 + len(self.asked)}})
        return self.answers[method]() if method in self.answers else usual

    def sent(self) -> list[Any]:
        return [said for method, said in self.asked if method == "sendMessage"]


@dataclass
class Chats:
    """acme's bot, and people who write to it."""

    desk: Desk
    bot: Bot
    channel_id: int
    _number: int = 2000

    def arrives(self, kind: str, **what: Any) -> None:
        self._number += 1
        body = json.dumps({"update_id": self._number, kind: what}).encode()
        kept = self.desk.app.channels.adapter("acme", self.channel_id).label(body)
        event_id = self.desk.db.write(
            lambda db: events.keep(db, "telegram", kept, "trace", self.desk.clock())
        )
        assert event_id
        self.desk.bells.wake("process", "acme", event_id)
        self.desk.ring()

    def says(self, text: str, chat: str = BEN, **more: Any) -> None:
        kind = "private" if chat == BEN else "group"
        self.arrives(
            "message", **self.message(text, {"id": int(chat), "type": kind, "title": "Walk"}, **more)
        )

    def message(self, text: str, chat: dict[str, Any], **more: Any) -> dict[str, Any]:
        ben = {"id": int(BEN), "is_bot": False, "first_name": "Ben"}
        now = round(self.desk.clock().timestamp())
        return {"message_id": self._number, "from": ben, "chat": chat, "date": now, "text": text, **more}

    def talk(self, thread: str = "") -> Conversation:
        def read(db: Any) -> Conversation:
            found = conversations.find_by_identity(db, self.channel_id, BEN, thread)
            assert found, f"nothing was said in {thread!r}"
            return conversations.get(db, found)

        return self.desk.db.read(read)

    def writes(self, text: str, thread: str = "") -> None:
        replying.write(self.desk.app, self.desk.anna, self.talk(thread).id, text)
        self.desk.ring()

    def activities(self, thread: str = "") -> list[str]:
        sql, number = "select text from activity where conversation_id = ?", self.talk(thread).id
        return self.desk.db.read(lambda db: [row[0] for row in db.execute(sql, (number,))])


@pytest.fixture
def bot(desk: Desk, wire: Wire) -> Bot:
    made = Bot()
    wire.answer = made
    return made


@pytest.fixture
def chats(desk: Desk, bot: Bot) -> Chats:
    channel = desk.app.channels.connect("acme", "telegram", "Bot", {"bot_token": TOKEN}, desk.clock())
    return Chats(desk, bot, channel.id)


def test_a_conversation_in_a_group_goes_on_when_the_group_gets_another_id(chats: Chats) -> None:
    chats.says("/hours", GROUP, entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    before = chats.talk(GROUP)
    chats.arrives(
        "message",
        **chats.message("", {"id": int(GROUP), "type": "group"}, migrate_to_chat_id=-1008877665544),
    )
    chats.arrives(
        "message",
        **chats.message("", {"id": -1008877665544, "type": "supergroup"}, migrate_from_chat_id=int(GROUP)),
    )
    assert chats.talk("-1008877665544").id == before.id
    chats.writes("From ten to four.", "-1008877665544")
    (said,) = chats.bot.sent()
    assert (said["chat_id"], "reply_parameters" in said) == (-1008877665544, False)


def test_everybody_in_a_group_is_told_that_the_bot_was_removed(chats: Chats) -> None:
    chats.says("/hours", GROUP, entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    chats.arrives(
        "my_chat_member",
        chat={"id": int(GROUP), "type": "group"},
        date=round(chats.desk.clock().timestamp()),
        new_chat_member={"status": "kicked"},
    )
    assert chats.activities(GROUP)[-1] == "The bot was removed from the group"


def test_a_pressed_button_was_pressed_when_it_arrived(chats: Chats) -> None:
    chats.says("hello")
    chats.desk.wait(3600)
    message = chats.message("Which size?", {"id": int(BEN), "type": "private"}, date=1)
    chats.arrives("callback_query", **{"id": "9", "from": message["from"], "message": message, "data": "42"})
    assert chats.talk().last_contact_message_at == chats.desk.clock()
    assert chats.talk().preview == "42"


def test_what_may_have_arrived_goes_to_a_person_at_once_and_is_sent_again_only_by_one(chats: Chats) -> None:
    chats.says("hello")

    def late() -> httpx.Response:
        raise httpx.ReadTimeout("late")

    chats.bot.answers["sendMessage"] = late
    chats.writes("From ten to four.")
    chats.desk.wait(60)
    (item,) = chats.desk.db.read(
        lambda db: [each for each in outbox.items(db) if each.channel_id == chats.channel_id]
    )
    assert item.state == "dead"
    assert "look into the chat" in str(item.error)
    chats.desk.wait(3600)
    chats.desk.sweep()
    chats.desk.ring()
    assert len(chats.bot.sent()) == 1


def test_what_is_asked_for_all_the_time_is_kept_with_its_place_and_not_counted_as_missed(
    chats: Chats,
) -> None:
    chats.says("hello")
    update = {"update_id": 91, "message": chats.message("Is it open?", {"id": int(BEN), "type": "private"})}
    update["message"]["message_id"] = 5000
    chats.bot.answers["getUpdates"] = lambda: httpx.Response(200, json={"ok": True, "result": [update]})
    desk = chats.desk
    desk.bells.lose()
    poll(desk.app, "acme", chats.channel_id)
    assert desk.db.read(lambda db: channels.poll_cursor(db, chats.channel_id)) == "91"
    assert [at for at, _, job, *_ in desk.bells.waiting if job == "poll"] == [desk.clock()]
    desk.ring()
    assert chats.talk().preview == "Is it open?"
    since = desk.clock() - timedelta(days=1)
    assert desk.db.read(lambda db: figures.recovered(db, since)) == 0


def test_after_a_start_nobody_waits_for_the_lease_of_whoever_was_cut_off(chats: Chats) -> None:
    desk = chats.desk
    now = desk.clock()
    desk.db.write(lambda db: channels.claim_poll(db, chats.channel_id, now, now + timedelta(minutes=5)))
    assert chats.channel_id not in desk.db.read(lambda db: channels.polls_due(db, now))
    desk.restart()
    assert ("poll", chats.channel_id) in [(job, number) for _, _, job, _, number in desk.bells.waiting]
