"""Telegram's part of the demo: the shop's bot, in private chats and in a group of hikers."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from socialai.sandbox.northwind import shop
from socialai.sandbox.northwind.shop import Story
from socialai.sandbox.stage import Account, Hub, Stage
from socialai.sandbox.telegram.bots import TelegramSandbox
from socialai.sandbox.traffic import Cue, told


class Chatted(Struct, frozen=True, kw_only=True):
    """What a person does in Telegram, as `Act` has it."""

    after: float
    text: str = ""
    group: int | None = None
    edit: bool = False
    answers: bool = False
    reaction: str | None = None


class TelegramStage(Stage):
    """The hub asks for what is new: nobody has to be reachable for that."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sandbox = TelegramSandbox()

    def __enter__(self) -> Self:
        self.sandbox.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.stop()

    def accounts(self) -> Sequence[Account]:
        bot = self.sandbox.bot
        values = {"bot_token": bot.token, "username": bot.username, "api_url": self.sandbox.base_url}
        return [Account("telegram", f"@{bot.username}", values)]

    def connect(self, hub: Hub) -> None:
        """Nothing: it is asked."""

    def cues(self, number: int) -> Iterator[Cue]:
        return told(shop.stories("telegram", Chatted), number, self.write)

    def write(self, story: Story[Chatted], step: Chatted) -> None:
        self.sandbox.say(
            int(story.who),
            step.text,
            name=story.name,
            group=step.group,
            edit=step.edit,
            answers=step.answers,
            reaction=step.reaction,
        )
