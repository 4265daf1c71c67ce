"""WhatsApp: one number on the Cloud API. Facts and sources: shared contract sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from msgspec import Struct

from socialai.domain.happening import Attachment, Happening
from socialai.domain.limits import Limits
from socialai.errors import DeliveryError
from socialai.platforms.base import (
    Answer,
    Fetched,
    Finding,
    Outgoing,
    Platform,
    Rehearsal,
    Template,
    WebhookRequest,
)
from socialai.platforms.capabilities import Capabilities
from socialai.platforms.meta import events as deliveries
from socialai.platforms.meta import signature
from socialai.platforms.meta.graph import Graph
from socialai.platforms.reading import Id
from socialai.platforms.whatsapp import care, events, sending, splitting
from socialai.platforms.whatsapp.config import WhatsAppConfig
from socialai.platforms.whatsapp.meanings import REFUSALS
from socialai.platforms.whatsapp.review import REVIEW

_OBJECT = "whatsapp_business_account"


class Sent(Struct):
    id: Id | None = None


class SendAnswer(Struct, frozen=True):
    messages: list[Sent] = []


class MediaAnswer(Struct):
    url: str


class WhatsApp(Platform):
    kind = "whatsapp"
    title = "WhatsApp"
    capabilities = Capabilities(
        messages=Limits(wire=4096, reply=600, window=sending.WINDOW, human_window=sending.WINDOW),
        comments=Limits(wire=4096, reply=600, window=sending.WINDOW, human_window=sending.WINDOW),
        typing=True,
        receipts=True,
        needs=(
            "A number of its own for the WhatsApp Business Platform, and a Meta app of your own.",
            "A payment method at Meta for message templates; answers within 24 hours cost nothing.",
        ),
        terms=(
            "WhatsApp lets a business answer only for 24 hours after a person's last message; after that "
            "a person of your team can send the message template you chose, which Meta charges for.",
            "WhatsApp cannot be asked what was said: what no webhook brought is not seen.",
            "Nobody may be written to who has not agreed to it.",
        ),
    )
    Config = WhatsAppConfig
    review = REVIEW
    account_fields = ("waba_id",)

    def __init__(self, config: WhatsAppConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        self._graph = Graph(config.base, config.access_token, http, REFUSALS)

    @property
    def used(self) -> float:
        return self._graph.used

    @property
    def external_id(self) -> str:
        return str(self.config.phone_number_id)

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return Answer(signature.handshake(query, self.config.verify_token))

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.config.app_secret)

    @classmethod
    def parse(cls, body: bytes) -> list[Happening]:
        return deliveries.parse(body, _OBJECT, "WhatsApp", events.read)

    @classmethod
    def split(cls, body: bytes) -> Mapping[str, bytes]:
        return splitting.split(body, cls.title)

    def send(self, outgoing: Outgoing, now: datetime) -> str:
        self.check_text(outgoing)
        body = sending.message(outgoing, self.config, now)
        answer = self._graph.write(f"{self.external_id}/messages", body, SendAnswer)
        found = next((str(sent.id) for sent in answer.messages if sent.id), None)
        if found is None:
            message = "WhatsApp took the message but did not say under which id."
            raise DeliveryError("unknown", message, code="no_message_id")
        return found

    def find_sent(self, _outgoing: Outgoing, _since: datetime) -> str | None:
        """Our key comes back with each state of a message; nothing else tells."""
        message = "WhatsApp cannot be asked whether a message arrived; it tells by itself."
        raise DeliveryError("retry", message, code="read_back")

    def typing(self, outgoing: Outgoing) -> None:
        if outgoing.answers:
            self._graph.write(f"{self.external_id}/messages", sending.seen(outgoing), dict[str, Any])

    @classmethod
    def template(cls, config: Mapping[str, Any]) -> Template | None:
        if not config.get("template_name"):
            return None
        return Template(config["template_name"], config["template_takes_text"] and sending.LONGEST_BLANK)

    def locate(self, attachment: Attachment) -> Fetched | None:
        """Its address holds for five minutes, and opens with our token only."""
        if attachment.ref is None:
            return None
        query = {"phone_number_id": self.external_id}
        found = self._graph.read(quote(attachment.ref, safe=""), query, MediaAnswer)
        return Fetched(found.url, {"Authorization": f"Bearer {self.config.access_token}"})

    def subscribe(self, url: str) -> None:
        care.subscribe(self._graph, self.config, url)

    def rehearse(self) -> Rehearsal:
        body = b'{"object": "whatsapp_business_account", "entry": []}'
        return signature.rehearsal(body, self.config)

    def examine(self, url: str, now: datetime) -> Sequence[Finding]:
        return [*care.examine(self._graph, self.config, self.http, url, now)]

    def check(self) -> str:
        return care.number(self._graph, self.config).title or self.external_id
