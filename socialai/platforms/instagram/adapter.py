"""Instagram: direct messages and comments of one professional account. Facts and sources: shared contract
sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from msgspec import Struct

from socialai.domain.happening import Happening, Profile
from socialai.domain.limits import Limits
from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError
from socialai.platforms.base import (
    Answer,
    Finding,
    Outgoing,
    Platform,
    Polled,
    Rehearsal,
    Renewal,
    WebhookRequest,
)
from socialai.platforms.capabilities import Capabilities, Polling
from socialai.platforms.instagram import care, comments, news, public
from socialai.platforms.instagram.config import InstagramConfig
from socialai.platforms.instagram.meanings import REFUSALS
from socialai.platforms.instagram.review import REVIEW
from socialai.platforms.meta import events, readback, signature, window
from socialai.platforms.meta.graph import Graph
from socialai.platforms.meta.readback import Inbox
from socialai.platforms.reading import Id

_MESSAGES_TOLD = 20
"""Of a conversation; the details of older ones are not."""


class SendAnswer(Struct):
    message_id: Id | None = None


class Person(Struct):
    name: str | None = None
    username: str | None = None


class Account(Struct):
    username: str
    user_id: Id | None = None


class Instagram(Platform):
    kind = "instagram"
    title = "Instagram"
    capabilities = Capabilities(
        messages=Limits(wire=1000, reply=500, unit="bytes", window=window.ANYONE, human_window=window.PERSON),
        comments=Limits(wire=2200, reply=300),
        private_answer=window.COMMENT,
        deeds=frozenset({"hide", "unhide", "delete"}),
        own_deeds=frozenset({"delete"}),
        typing=True,
        receipts=True,
        profiles=True,
        polling=Polling(every=300),
        renews=timedelta(days=20),
        needs=(
            "A professional account (business or creator).",
            "A Meta app of your own, set to Live; Meta reviews it before it may serve accounts that are not "
            "yours.",
        ),
        terms=(
            "Instagram lets a business answer only for 24 hours after a person's last message; a person of "
            "your team for 7 days, when Meta granted your app Human Agent.",
            "A comment may be answered in private once, within 7 days.",
            "Instagram does not tell when somebody changes or deletes a comment.",
            "In some places the law or Meta's rules want it said that an assistant answers.",
        ),
    )
    Config = InstagramConfig
    review = REVIEW

    def __init__(self, config: InstagramConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        base = f"{config.address}/{config.api_version}"
        # Which of the two secrets would prove a token of Instagram's own is not told.
        secret = config.app_secret if config.facebook_login else ""
        self._graph = Graph(base, config.access_token, http, REFUSALS, secret)
        self._inbox = Inbox("me", self.external_id, "instagram", _MESSAGES_TOLD)

    @property
    def used(self) -> float:
        return self._graph.used

    @property
    def external_id(self) -> str:
        return str(self.config.account_id)

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return Answer(signature.handshake(query, self.config.verify_token))

    def verify(self, request: WebhookRequest) -> None:
        """It is not told with which of the app's two secrets Meta signs."""
        signature.verify(request, self.config.app_secret, self.config.instagram_app_secret)

    @classmethod
    def parse(cls, body: bytes) -> list[Happening]:
        return events.parse(body, "instagram", "Instagram", comments.read)

    @classmethod
    def split(cls, body: bytes) -> Mapping[str, bytes]:
        return events.split(body, cls.title)

    def send(self, outgoing: Outgoing, now: datetime) -> str:
        self.check_text(outgoing)
        return public.answer(self._graph, outgoing) if outgoing.in_public else self._write(outgoing, now)

    def find_sent(self, outgoing: Outgoing, since: datetime) -> str | None:
        if outgoing.in_public:
            return public.find_answer(self._graph, self.external_id, outgoing, since)
        return readback.find_sent(self._graph, self._inbox, outgoing, since)

    def moderate(self, deed: Deed, external_id: str, _text: str) -> None:
        public.moderate(self._graph, deed, external_id)

    def profile(self, contact: str) -> Profile:
        person = self._graph.read(quote(contact, safe=""), {"fields": "name,username"}, Person)
        name = (person.name or "").strip() or person.username
        return Profile(name, {"username": person.username} if person.username else {})

    def typing(self, outgoing: Outgoing) -> None:
        body = {"recipient": {"id": outgoing.contact}, "sender_action": "typing_on"}
        self._graph.write("me/messages", body, dict[str, Any])

    def poll(self, cursor: str | None, now: datetime) -> Polled:
        return news.since(self._graph, self.external_id, self._inbox, cursor, now)

    def renew(self, now: datetime) -> Renewal:
        return care.renew(self.config, self.http, now)

    def subscribe(self, url: str) -> None:
        care.subscribe(self._graph, self.config, self.http, url)

    def rehearse(self) -> Rehearsal:
        return signature.rehearsal(b'{"object": "instagram", "entry": []}', self.config)

    def examine(self, url: str, now: datetime) -> Sequence[Finding]:
        return [*care.examine(self._graph, self.config, self.http, url, now)]

    def check(self) -> str:
        """A token of Instagram's own is asked whose it is."""
        if self.config.facebook_login:
            return self._graph.read(self.external_id, {"fields": "username"}, Account).username
        account = self._graph.read("me", {"fields": "user_id,username"}, Account)
        if str(account.user_id) != self.external_id:
            message = f"This token is of the account {account.username}, whose ID is {account.user_id}."
            raise DeliveryError("permanent", message, code="another_account")
        return account.username

    def _write(self, outgoing: Outgoing, now: datetime) -> str:
        body = {**self._to_whom(outgoing, now), "message": {"text": outgoing.text}}
        answer = self._graph.write("me/messages", body, SendAnswer)
        if not answer.message_id:
            message = "Instagram took the message but did not say under which id."
            raise DeliveryError("unknown", message, code="no_message_id")
        return str(answer.message_id)

    def _to_whom(self, outgoing: Outgoing, now: datetime) -> dict[str, Any]:
        if outgoing.private:
            window.check_private_answer(outgoing, now, self.title)
            return {"recipient": {"comment_id": outgoing.answers}}
        kind = window.messaging_type(outgoing, self.config.human_agent, now, self.title)
        return {**(kind if "tag" in kind else {}), "recipient": {"id": outgoing.contact}}
