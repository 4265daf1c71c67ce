"""Facebook: Messenger and the comments of one Page. Facts and sources: shared contract sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from msgspec import Struct

from socialai.domain.happening import Happening, Profile
from socialai.domain.limits import Limits
from socialai.domain.moderation import Deed
from socialai.errors import DeliveryError
from socialai.platforms.base import Answer, Finding, Outgoing, Platform, Polled, Rehearsal, WebhookRequest
from socialai.platforms.capabilities import Capabilities, Polling
from socialai.platforms.facebook import care, feed, news, public
from socialai.platforms.facebook.config import FacebookConfig
from socialai.platforms.facebook.meanings import REFUSALS
from socialai.platforms.facebook.review import REVIEW
from socialai.platforms.meta import events, readback, signature, window
from socialai.platforms.meta.graph import Graph
from socialai.platforms.meta.readback import Inbox
from socialai.platforms.reading import Id

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
    title = "Facebook"
    capabilities = Capabilities(
        messages=Limits(wire=2000, reply=500, window=window.ANYONE, human_window=window.PERSON),
        comments=Limits(wire=8000, reply=500),
        private_answer=window.COMMENT,
        deeds=frozenset({"hide", "unhide", "delete"}),
        own_deeds=frozenset({"delete", "edit"}),
        typing=True,
        receipts=True,
        profiles=True,
        polling=Polling(every=300),
        needs=("A Meta app of your own, which Meta reviews before it may read messages of strangers.",),
        terms=(
            "Facebook lets a Page answer only for 24 hours after a person's last message; a person of "
            "your team for 7 days, when Meta granted your app Human Agent.",
            "A comment may be answered in private once, within 7 days.",
            "In some places the law or Meta's rules want it said that an assistant answers.",
        ),
    )
    Config = FacebookConfig
    review = REVIEW

    def __init__(self, config: FacebookConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        base = f"{config.graph_url.rstrip('/')}/{config.api_version}"
        self._graph = Graph(base, config.page_token, http, REFUSALS, config.app_secret)

    @property
    def used(self) -> float:
        return self._graph.used

    @property
    def external_id(self) -> str:
        return str(self.config.page_id)

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return Answer(signature.handshake(query, self.config.verify_token))

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.config.app_secret)

    @classmethod
    def parse(cls, body: bytes) -> list[Happening]:
        return events.parse(body, "page", "Facebook", feed.read)

    @classmethod
    def split(cls, body: bytes) -> Mapping[str, bytes]:
        return events.split(body, cls.title)

    def send(self, outgoing: Outgoing, now: datetime) -> str:
        self.check_text(outgoing)
        return public.answer(self._graph, outgoing) if outgoing.in_public else self._write(outgoing, now)

    def find_sent(self, outgoing: Outgoing, since: datetime) -> str | None:
        if outgoing.in_public:
            return public.find_answer(self._graph, self.external_id, outgoing, since)
        return readback.find_sent(self._graph, Inbox(self.external_id, self.external_id), outgoing, since)

    def moderate(self, deed: Deed, external_id: str, text: str) -> None:
        public.moderate(self._graph, deed, external_id, text)

    def profile(self, contact: str) -> Profile:
        try:
            person = self._person(contact, ",".join((_NAMES, *_MORE)))
        except DeliveryError as error:
            if error.outcome == "retry":
                raise
            # Locale and time zone each need a permission; a request that lacks one is refused whole.
            person = self._person(contact, _NAMES)
        return _profile(person)

    def typing(self, outgoing: Outgoing) -> None:
        body = {"recipient": {"id": outgoing.contact}, "sender_action": "typing_on"}
        self._graph.write(f"{self.external_id}/messages", body, dict[str, Any])

    def poll(self, cursor: str | None, now: datetime) -> Polled:
        return news.since(self._graph, self.external_id, cursor, now)

    def subscribe(self, url: str) -> None:
        care.subscribe(self._graph, self.config, self.http, url)

    def rehearse(self) -> Rehearsal:
        return signature.rehearsal(b'{"object": "page", "entry": []}', self.config)

    def examine(self, url: str, now: datetime) -> Sequence[Finding]:
        return [*care.examine(self._graph, self.config, self.http, url, now)]

    def check(self) -> str:
        return self._graph.read(self.external_id, {"fields": "name"}, Page).name

    def _write(self, outgoing: Outgoing, now: datetime) -> str:
        body = {
            **self._to_whom(outgoing, now),
            "message": {"text": outgoing.text, "metadata": outgoing.key},
        }
        answer = self._graph.write(f"{self.external_id}/messages", body, SendAnswer)
        if not answer.message_id:
            message = "Facebook took the message but did not say under which id."
            raise DeliveryError("unknown", message, code="no_message_id")
        return str(answer.message_id)

    def _to_whom(self, outgoing: Outgoing, now: datetime) -> dict[str, Any]:
        if outgoing.private:
            window.check_private_answer(outgoing, now, self.title)
            return {"recipient": {"comment_id": outgoing.answers}}
        kind = window.messaging_type(outgoing, self.config.human_agent, now, self.title)
        return {**kind, "recipient": {"id": outgoing.contact}}

    def _person(self, contact: str, fields: str) -> Person:
        return self._graph.read(quote(contact, safe=""), {"fields": fields}, Person)


def _profile(person: Person) -> Profile:
    names = (part.strip() for part in (person.first_name, person.last_name) if part)
    zone = None if person.timezone is None else f"UTC{person.timezone:+g}"
    told = {"locale": person.locale, "timezone": zone}
    return Profile(name=" ".join(names).strip() or None, fields={k: v for k, v in told.items() if v})
