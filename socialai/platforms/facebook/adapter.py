"""Facebook Messenger of one Page. Facts and sources: shared contract sheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from msgspec import Struct

from socialai.domain.happening import Happening
from socialai.errors import DeliveryError
from socialai.platforms.base import Limits, Outgoing, Platform, Profile, WebhookRequest
from socialai.platforms.facebook import events, readback, signature, window
from socialai.platforms.facebook.config import FacebookConfig
from socialai.platforms.facebook.graph import Graph
from socialai.platforms.facebook.wire import Id

_NAMES = "first_name,last_name"
_MORE = ("locale", "timezone")


class SendAnswer(Struct):
    message_id: Id | None = None


class Person(Struct):
    first_name: str | None = None
    last_name: str | None = None
    locale: str | None = None
    timezone: float | None = None


class Page(Struct):
    name: str


class Facebook(Platform):
    kind = "facebook"
    title = "Facebook Messenger"
    limits = Limits(wire=2000, reply=500, window=window.ANYONE, human_window=window.PERSON)
    Config = FacebookConfig

    def __init__(self, config: FacebookConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        self._graph = Graph(config, http)

    @property
    def external_id(self) -> str:
        return str(self.config.page_id)

    def handshake(self, query: Mapping[str, str]) -> str:
        return signature.handshake(query, self.config.verify_token)

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.config.app_secret)

    @classmethod
    def parse(cls, body: bytes) -> list[Happening]:
        return events.parse(body)

    def send(self, outgoing: Outgoing, now: datetime) -> str:
        _check_length(outgoing.text)
        body = {
            **window.messaging_type(outgoing, self.config.human_agent, now),
            "recipient": {"id": outgoing.contact},
            "message": {"text": outgoing.text, "metadata": outgoing.key},
        }
        answer = self._graph.write(f"{self.external_id}/messages", body, SendAnswer)
        if not answer.message_id:
            message = "Facebook took the message but did not say under which id."
            raise DeliveryError("unknown", message, code="no_message_id")
        return str(answer.message_id)

    def find_sent(self, outgoing: Outgoing, since: datetime) -> str | None:
        return readback.find_sent(self._graph, self.external_id, outgoing, since)

    def profile(self, contact: str) -> Profile:
        try:
            person = self._person(contact, ",".join((_NAMES, *_MORE)))
        except DeliveryError as error:
            if error.outcome == "retry":
                raise
            # Locale and time zone each need a permission; a request that lacks one is refused whole.
            person = self._person(contact, _NAMES)
        return _profile(person)

    def typing(self, contact: str) -> None:
        body = {"recipient": {"id": contact}, "sender_action": "typing_on"}
        self._graph.write(f"{self.external_id}/messages", body, dict[str, Any])

    def check(self) -> str:
        return self._graph.read(self.external_id, {"fields": "name"}, Page).name

    def _person(self, contact: str, fields: str) -> Person:
        return self._graph.read(quote(contact, safe=""), {"fields": fields}, Person)


def _check_length(text: str) -> None:
    if not text.strip():
        raise DeliveryError("permanent", "The message is empty.", code="empty")
    if len(text) > Facebook.limits.wire:
        message = f"The message is longer than the {Facebook.limits.wire} characters Facebook takes at once."
        raise DeliveryError("permanent", message, code="too_long")


def _profile(person: Person) -> Profile:
    names = (part.strip() for part in (person.first_name, person.last_name) if part)
    zone = None if person.timezone is None else f"UTC{person.timezone:+g}"
    told = {"locale": person.locale, "timezone": zone}
    return Profile(name=" ".join(names).strip() or None, fields={k: v for k, v in told.items() if v})
