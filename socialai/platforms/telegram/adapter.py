"""Telegram: the private chats of a bot, groups that it is in, and business accounts that it answers for.
Facts and sources: shared contract sheet."""

import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import httpx
from msgspec import Struct

from socialai.domain.happening import Attachment, Happening
from socialai.domain.limits import Limits
from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError, SignatureError
from socialai.platforms.base import (
    Answer,
    Fetched,
    Finding,
    Outgoing,
    Platform,
    Polled,
    Rehearsal,
    WebhookRequest,
)
from socialai.platforms.capabilities import Capabilities, Polling
from socialai.platforms.telegram import hook, news, sending, updates
from socialai.platforms.telegram.addressed import Bot
from socialai.platforms.telegram.api import BotApi
from socialai.platforms.telegram.config import TelegramConfig

_LIMITS = Limits(wire=4096, reply=1000, unit="utf16")
_NO_READ_BACK = (
    "Telegram does not tell what a bot has sent, so look into the chat: if it did not arrive there, retry."
)


class File(Struct):
    file_path: str = ""


class Telegram(Platform):
    kind = "telegram"
    title = "Telegram"
    capabilities = Capabilities(
        messages=_LIMITS,
        comments=_LIMITS,
        deeds=frozenset({"delete"}),
        own_deeds=frozenset({"delete", "edit"}),
        private_deeds=frozenset({"delete", "edit"}),
        typing=True,
        polling=Polling(every=300),
        terms=(
            "A bot can write only to people who opened it themselves, and not to those who blocked it.",
            "In groups the bot answers when it is named, answered or given a command.",
            "Telegram tells a bot neither what was read nor what was deleted, except in the chats of a "
            "business account.",
        ),
    )
    Config = TelegramConfig

    def __init__(self, config: TelegramConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        self._api = BotApi(config, http)
        self._bot = Bot(config.bot_id, config.name)

    @property
    def external_id(self) -> str:
        return self._bot.id

    def handshake(self, _query: Mapping[str, str]) -> Answer:
        raise SignatureError("Telegram asks nothing of an address beforehand.")

    def verify(self, request: WebhookRequest) -> None:
        said = request.headers.get(hook.HEADER, "")
        if not hmac.compare_digest(said.encode(), self.config.webhook_secret.encode()):
            raise SignatureError("The delivery does not carry the secret that Telegram was given.")

    def label(self, body: bytes) -> bytes:
        return updates.label(body, self._bot)

    @classmethod
    def parse(cls, body: bytes) -> list[Happening]:
        return updates.parse(body)

    def send(self, outgoing: Outgoing, _now: datetime) -> str:
        self.check_text(outgoing)
        with suppress(DeliveryError):
            sending.acknowledge(self._api, outgoing)
        return sending.write(self._api, outgoing)

    def find_sent(self, _outgoing: Outgoing, _since: datetime) -> str | None:
        """There is no way to ask, no echo, and no key that would make a second one harmless."""
        raise DeliveryError("permanent", _NO_READ_BACK, code="no_read_back")

    def moderate(self, deed: Deed, external_id: str, text: str) -> None:
        sending.moderate(self._api, deed, external_id, text)

    def typing(self, outgoing: Outgoing) -> None:
        sending.show_typing(self._api, outgoing)

    def poll(self, cursor: str | None, _now: datetime) -> Polled:
        return news.since(self._api, self._bot, cursor)

    def subscribe(self, url: str) -> None:
        hook.subscribe(self._api, self.config, url)

    def rehearse(self) -> Rehearsal:
        return hook.rehearsal(self.config)

    def examine(self, url: str, now: datetime) -> Sequence[Finding]:
        return list(hook.examine(self._api, self.config, url, now))

    def locate(self, attachment: Attachment) -> Fetched | None:
        if attachment.ref is None:
            return super().locate(attachment)
        file = self._api.repeat("getFile", {"file_id": attachment.ref}, File)
        return self._api.file(file.file_path) if file.file_path else None

    def check(self) -> str:
        bot = hook.me(self._api)
        return bot.first_name or bot.username or self.external_id
