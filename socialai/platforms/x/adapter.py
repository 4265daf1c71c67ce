"""X: private messages, mentions and replies of one account. Facts and sources: shared contract sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx
from msgspec import Struct

from socialai.domain.happening import Attachment, Happening, Profile
from socialai.domain.limits import Limits
from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError
from socialai.platforms.base import (
    Answer,
    Fetched,
    Finding,
    Outgoing,
    Platform,
    Polled,
    Rehearsal,
    Renewal,
    WebhookRequest,
)
from socialai.platforms.calls import Calls
from socialai.platforms.capabilities import Capabilities, Polling
from socialai.platforms.x import events, failures, news, readback, sending, signature, tokens
from socialai.platforms.x.config import XConfig
from socialai.platforms.x.hooks import Hooks
from socialai.platforms.x.people import User
from socialai.platforms.x.review import REVIEW

_PRIVATE_FILES = ("https://ton.twitter.com/", "https://ton.x.com/")


class Found(Struct):
    data: User | None = None


class X(Platform):
    kind = "x"
    title = "X"
    capabilities = Capabilities(
        messages=Limits(wire=10_000, reply=500),
        comments=Limits(wire=280, reply=270, unit="weighted"),
        deeds=frozenset({"hide", "unhide"}),
        own_deeds=frozenset({"delete"}),
        receipts=True,
        profiles=True,
        polling=Polling(every=300, price=news.PRICE),
        renews=timedelta(minutes=15),
        needs=(
            "An X app of your own with pay-per-use credits: a private message costs about $0.01 to receive "
            "and $0.015 to send, an answer in public $0.01, one with a link in it up to $0.20.",
        ),
        terms=(
            "X lets a program answer in public only posts that mention or quote the account; others are "
            "shown here, and answered on x.com.",
            "Encrypted messages can be read and answered only in X's own apps.",
            "X's rules want automated accounts to be labelled as such in their profile.",
        ),
    )
    Config = XConfig
    review = REVIEW

    def __init__(self, config: XConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        self._calls = self._with(config.access_token)
        app = self._with(config.bearer_token) if config.bearer_token else None
        self._hooks = Hooks(app, self._calls, config.user_id)

    @property
    def used(self) -> float:
        return failures.share(self._calls.last)

    @property
    def external_id(self) -> str:
        return str(self.config.user_id)

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return signature.handshake(query, self.config.client_secret, self.config.consumer_secret)

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.config.client_secret, self.config.consumer_secret)

    @classmethod
    def parse(cls, body: bytes) -> list[Happening]:
        return events.parse(body)

    @classmethod
    def split(cls, body: bytes) -> Mapping[str, bytes]:
        return events.split(body)

    def send(self, outgoing: Outgoing, _now: datetime) -> str:
        self.check_text(outgoing)
        say = sending.answer if outgoing.in_public else sending.write
        return say(self._calls, outgoing)

    def find_sent(self, outgoing: Outgoing, since: datetime) -> str | None:
        find = readback.find_answer if outgoing.in_public else readback.find_message
        return find(self._calls, self.external_id, outgoing, since)

    def check(self) -> str:
        user = self._calls.read("2/users/me", {}, Found).data or User()
        if user.number != self.external_id:
            message = f"This token is of @{user.username}, another account. Connect the right one."
            raise DeliveryError("permanent", message, code="another_account")
        return user.name or user.number

    def moderate(self, deed: Deed, external_id: str, _text: str) -> None:
        sending.moderate(self._calls, deed, external_id)

    def profile(self, contact: str) -> Profile:
        path = f"2/users/{quote(contact, safe='')}"
        user = self._calls.read(path, {"user.fields": "name,username"}, Found).data
        return (user and user.profile()) or Profile()

    def poll(self, cursor: str | None, now: datetime) -> Polled:
        return news.since(self._calls, self.external_id, cursor, now)

    def renew(self, now: datetime) -> Renewal:
        return tokens.renew(self.config, self.http, now)

    def subscribe(self, url: str) -> None:
        self._hooks.subscribe(url)

    def rehearse(self) -> Rehearsal:
        config: XConfig = self.config
        return signature.rehearse(config.user_id, config.client_secret, config.consumer_secret)

    def examine(self, url: str, now: datetime) -> Sequence[Finding]:
        return self._hooks.examine(url, now)

    def locate(self, attachment: Attachment) -> Fetched | None:
        """Files of private messages are given out to the account alone."""
        if attachment.url and attachment.url.startswith(_PRIVATE_FILES):
            return Fetched(attachment.url, {"authorization": f"Bearer {self.config.access_token}"})
        return super().locate(attachment)

    def _with(self, token: str) -> Calls:
        headers = {"authorization": f"Bearer {token}"}
        return Calls(self.title, self.config.api_url, headers, self.http, failures.find)
