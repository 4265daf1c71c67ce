"""Everything the stand-in remembers, behind one lock; `changed` is notified after every change."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from socialai.sandbox.telegram.records import Action, Bot, File, Group, Message, Person, Webhook

_LONGEST_GAP = 2_000_000_000


class State:
    """Numbers go on from the clock, so that those of a later sandbox are new to a hub that knows these."""

    def __init__(self, bots: tuple[Bot, ...], clock: Callable[[], datetime]) -> None:
        self.changed = threading.Condition()
        self.clock = clock
        self.bots = {bot.token: bot for bot in bots}
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.blocked: set[tuple[int, int]] = set()
        """Pairs of a person and a bot."""
        self.met: set[tuple[int, int]] = set()
        self.owners: dict[str, int] = {}
        """Of business accounts, by connection."""
        self.messages: list[Message] = []
        self.files: dict[str, File] = {}
        self.actions: list[Action] = []
        self.webhooks: dict[int, Webhook] = {bot.id: Webhook() for bot in bots}
        self.updates: dict[int, list[dict[str, Any]]] = {bot.id: [] for bot in bots}
        self.polling: dict[int, int] = {}
        """Which question of a bot for its updates is the newest."""
        self._number = self.now() % _LONGEST_GAP

    def now(self) -> int:
        return int(self.clock().timestamp())

    def number(self) -> int:
        self._number += 1
        return self._number

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self.changed:
            yield
            self.changed.notify_all()

    def find(self, chat: int, message_id: int) -> Message | None:
        with self.changed:
            found = (each for each in self.messages if (each.chat, each.id) == (chat, message_id))
            return next((each for each in found if not each.deleted), None)

    def last(self, chat: int, *, by_bot: bool, connection: str | None = None) -> Message | None:
        bots = {bot.id for bot in self.bots.values()}
        with self.changed:
            for each in reversed(self.messages):
                if (each.chat, each.connection, each.by in bots) == (chat, connection, by_bot):
                    return each
        return None

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Whether `condition`, asked again after every change, came true within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    return condition()
            return True
