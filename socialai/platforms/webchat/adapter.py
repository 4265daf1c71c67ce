"""The chat on the shop's own site. Its platform is this hub: what is sent is what the visitor may see from
then on, so that nothing can fail on the way and nothing arrives twice."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from socialai.domain.happening import Happening
from socialai.domain.limits import Limits
from socialai.domain.moderation import Deed
from socialai.errors import SignatureError
from socialai.platforms.base import Answer, Finding, Outgoing, Platform, WebhookRequest
from socialai.platforms.capabilities import Capabilities
from socialai.platforms.webchat import keys, wire
from socialai.platforms.webchat.config import WebChatConfig


class WebChat(Platform):
    kind = "webchat"
    title = "Web chat"
    capabilities = Capabilities(
        messages=Limits(wire=4000, reply=1000),
        private_deeds=frozenset({"delete", "edit"}),
        receipts=True,
        webhooks=False,
        embeds=True,
        terms=(
            "The chat stands only on the sites that you name, and keeps no cookie.",
            "Visitors are known again by their browser for 90 days after their last visit.",
            "A name or an e-mail address is what a visitor says; nobody has checked it.",
        ),
    )
    Config = WebChatConfig
    config: WebChatConfig

    @property
    def external_id(self) -> str:
        return self.config.site

    def handshake(self, _query: Mapping[str, str]) -> Answer:
        raise SignatureError("Nobody asks this address anything beforehand.")

    def verify(self, request: WebhookRequest) -> None:
        """Only this hub has the key: the chat's own routes know who writes."""
        said = request.headers.get(wire.SIGNATURE, "")
        if not hmac.compare_digest(said.encode(), wire.sign(request.body, self.config.signing_key).encode()):
            raise SignatureError("Visitors write through the chat's own address.")

    @classmethod
    def parse(cls, body: bytes) -> list[Happening]:
        return wire.parse(body)

    def send(self, outgoing: Outgoing, _now: datetime) -> str:
        self.check_text(outgoing)
        return _name(outgoing)

    def find_sent(self, outgoing: Outgoing, _since: datetime) -> str | None:
        return _name(outgoing)

    def moderate(self, deed: Deed, external_id: str, text: str) -> None:
        """The visitor is shown what the hub has, which is as it should be then."""

    def check(self) -> str:
        return self.config.title or urlsplit(self.config.allowed[0]).netloc

    def examine(self, url: str, _now: datetime) -> Sequence[Finding]:
        secure = [site for site in self.config.allowed if site.startswith("https://")]
        if not url and secure:
            says = (
                f"Visitors of {secure[0]} cannot reach this hub. Choose a tunnel in the settings, or put the "
                "hub behind a name with https and set it as public_url in settings.toml."
            )
            return [Finding("Reached by visitors", "fix", says)]
        if secure and not url.startswith("https://"):
            says = (
                f"Browsers show nothing from {url} on pages with https. Give the hub an address with https."
            )
            return [Finding("Reached by visitors", "fix", says)]
        says = f"The chat may stand on {', '.join(self.config.allowed)}."
        return [Finding("Reached by visitors", "ok", says)]

    def is_genuine(self, key: str, tenant_id: str) -> bool:
        """Whether this chat of this business gave it to a visitor."""
        return keys.is_genuine(key, self.config.signing_key, tenant_id, self.config.site)


def _name(outgoing: Outgoing) -> str:
    """Of several visitors that are one person the one who wrote last is answered."""
    visitor = outgoing.answers.partition("/")[0] if outgoing.answers else outgoing.contact
    return wire.message_id(visitor, outgoing.key)
