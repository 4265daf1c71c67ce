"""Everything the stand-in remembers, behind one lock; `changed` is notified after every change."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from socialai.sandbox.x.records import App, Direct, Person, Post, Tokens, Webhook

ACCESS = timedelta(hours=2)
_EPOCH_MS, _TIME_BITS = 1288834974657, 22


class State:
    def __init__(self, shop: Person, app: App, clock: Callable[[], datetime]) -> None:
        self.changed = threading.Condition()
        self.clock, self.shop, self.app = clock, shop, app
        self.people: dict[str, Person] = {shop.id: shop}
        self.posts: list[Post] = []
        self.directs: list[Direct] = []
        self.tokens = Tokens()
        self.webhooks: dict[str, Webhook] = {}
        self.subscribed: dict[tuple[str, str], str] = {}
        """(webhook, event type): the subscription's id."""
        self.queue: list[tuple[str, dict[str, Any]]] = []
        """(webhook's URL, event) still to be delivered."""
        self._last = 0

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self.changed:
            yield
            self.changed.notify_all()

    def number(self) -> str:
        """X's ids carry the time."""
        made = (round(self.clock().timestamp() * 1000) - _EPOCH_MS) << _TIME_BITS
        self._last = max(made, self._last + 1)
        return str(self._last)

    def find(self, post_id: str) -> Post | None:
        found = (post for post in self.posts if post_id in (post.id, post.first) and not post.deleted)
        return next(found, None)

    def grant(self) -> tuple[str, str]:
        """A new access token and a new refresh token."""
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.tokens.access[access] = self.clock() + ACCESS
        self.tokens.refresh.add(refresh)
        return access, refresh

    def tell(self, event_type: str, payload: Any, includes: Any = None) -> None:
        """To every webhook that subscribed to this."""
        told = {
            "event_uuid": self.number(),
            "filter": {"user_id": self.shop.id},
            "event_type": event_type,
            "payload": payload,
        }
        for webhook in self.webhooks.values():
            if webhook.valid and (webhook.id, event_type) in self.subscribed:
                event = {"data": {**told, **({"includes": includes} if includes else {})}}
                self.queue.append((webhook.url, event))

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Whether `condition`, asked again after every change, came true within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    return condition()
            return True
