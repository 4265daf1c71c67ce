"""LinkedIn: the comments under a Page's posts, and posts that name it. Facts and sources: shared contract
sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from socialai.domain.happening import Happening, Profile
from socialai.domain.limits import Limits
from socialai.domain.moderation import Deed
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
from socialai.platforms.calls import Calls
from socialai.platforms.capabilities import Capabilities, Polling
from socialai.platforms.linkedin import comments, events, failures, hooks, news, people, signature, tokens
from socialai.platforms.linkedin.config import LinkedInConfig
from socialai.platforms.linkedin.review import REVIEW


class LinkedIn(Platform):
    kind = "linkedin"
    title = "LinkedIn"
    capabilities = Capabilities(
        comments=Limits(wire=1250, reply=500),
        own_deeds=frozenset({"delete", "edit"}),
        profiles=True,
        # A new app may ask 100 times a day for its administrator.
        polling=Polling(every=1800),
        keeps=timedelta(hours=48),
        keeps_profiles=timedelta(hours=24),
        renews=timedelta(days=5),
        needs=(
            "A registered business, and a LinkedIn app that LinkedIn has granted the Community Management "
            "API.",
        ),
        terms=(
            "What people wrote may be kept for 48 hours and who they are for 24 hours; after that the hub "
            "forgets it.",
            "LinkedIn gives no app the private messages of a Page; only comments and mentions come here.",
            "A comment that answers cannot hold a picture.",
        ),
    )
    Config = LinkedInConfig
    review = REVIEW

    def __init__(self, config: LinkedInConfig, http: httpx.Client) -> None:
        super().__init__(config, http)
        headers = {
            "authorization": f"Bearer {config.access_token}",
            "linkedin-version": config.api_version,
            "x-restli-protocol-version": "2.0.0",
        }
        self._calls = Calls(self.title, config.api_url, headers, http, failures.find)

    @property
    def external_id(self) -> str:
        config: LinkedInConfig = self.config
        return config.organization

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return signature.handshake(query, self.config.client_secret)

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.config.client_secret)

    @classmethod
    def parse(cls, body: bytes) -> list[Happening]:
        return events.parse(body)

    @classmethod
    def split(cls, body: bytes) -> Mapping[str, bytes]:
        return events.split(body)

    def send(self, outgoing: Outgoing, _now: datetime) -> str:
        self.check_text(outgoing)
        return comments.answer(self._calls, self.external_id, outgoing)

    def find_sent(self, outgoing: Outgoing, since: datetime) -> str | None:
        return comments.find_answer(self._calls, self.external_id, outgoing, since)

    def check(self) -> str:
        number = self.config.organization_id
        return people.page(self._calls, number).localizedName or str(number)

    def moderate(self, deed: Deed, external_id: str, text: str) -> None:
        comments.moderate(self._calls, self.external_id, deed, external_id, text)

    def profile(self, contact: str) -> Profile:
        return people.find(self._calls, contact)

    def poll(self, cursor: str | None, now: datetime) -> Polled:
        return news.since(self._calls, self.external_id, cursor, now)

    def renew(self, now: datetime) -> Renewal:
        return tokens.renew(self.config, self.http, now)

    def subscribe(self, url: str) -> None:
        hooks.subscribe(self._calls, self.config, url)

    def rehearse(self) -> Rehearsal:
        return signature.rehearse(self.config.client_secret)

    def examine(self, url: str, now: datetime) -> Sequence[Finding]:
        return hooks.examine(self._calls, self.config, url, now)
