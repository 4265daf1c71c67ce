"""Visitors of the chat on a shop's site, and the shop that answers them."""

from typing import Any

import httpx

from socialai.actions import replies as replying
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.jobs.deliver import deliver
from socialai.jobs.process import process
from socialai.security.permissions import operator
from socialai.store import outbox
from tests.routes.conftest import Client

SITE = "https://www.acme.example"
WHO = operator("acme")
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)


class Visitor:
    """A browser with the chat's window open; `origin` is of a page that asks past the window."""

    def __init__(self, app: App, client: Client, channel: Channel, tenant: str = "acme") -> None:
        self.app, self.client, self.key = app, client, ""
        self.place = f"/widget/{tenant}/{channel.external_id}"
        self.said = 0

    def ask(self, method: str, end: str, **more: Any) -> httpx.Response:
        headers = {"sec-fetch-site": "same-origin", **more.pop("headers", {})}
        if self.key:
            headers.setdefault("authorization", f"Bearer {self.key}")
        return self.client.request(method, f"{self.place}{end}", headers=headers, **more)

    def begin(self) -> "Visitor":
        answer = self.ask("POST", "/visitors")
        assert answer.status_code == 201, answer.text
        self.key = answer.json()["key"]
        return self

    def say(self, text: str, **more: Any) -> httpx.Response:
        self.said += 1
        answer = self.ask("POST", "/messages", json={"id": f"message-{self.said}", "text": text, **more})
        process(self.app, "acme", 0)
        return answer

    def sees(self) -> list[str]:
        answer = self.ask("GET", "/messages")
        assert answer.status_code == 200, answer.text
        return [line["text"] for line in answer.json()["lines"]]


def connect(app: App, **more: Any) -> Channel:
    values = {"origins": SITE, "title": "Acme", "always_open": True, **more}
    return app.channels.connect("acme", "webchat", "Our site", values, app.clock())


def answer(app: App, text: str) -> int:
    """A person answers what was written last; the message's id."""
    database = app.files.tenant("acme")
    conversation_id = database.read(
        lambda db: int(db.execute("select max(id) from conversation").fetchone()[0])
    )
    replying.write(app, WHO, conversation_id, text)
    for item_id in database.read(lambda db: outbox.due(db, app.clock(), 10)):
        deliver(app, "acme", item_id)
    return conversation_id
