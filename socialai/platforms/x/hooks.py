"""Where X delivers: the address of the app's webhook, and of which events it is told.

Source: docs.x.com, V2 Webhooks API and X Activity API. The app's own token manages webhooks, the account's
own subscribes to what is private.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Finding
from socialai.platforms.calls import Calls
from socialai.platforms.reading import Id

EVENTS = (
    "dm.received",
    "dm.sent",
    "dm.read",
    "chat.received",
    "chat.sent",
    "post.create",
    "post.delete",
    "post.mention.create",
    "post.reply.create",
)
_NO_BEARER = "Enter the app's bearer token: with it the hub tells X where to deliver and sees that it does."


class Webhook(Struct):
    id: Id
    url: str = ""
    valid: bool = False


class Webhooks(Struct):
    data: list[Webhook] = []


class Made(Struct):
    """X's documents show it alone, its SDK wrapped into `data`."""

    id: Id | None = None
    data: Webhook | None = None


class Filter(Struct, frozen=True):
    user_id: Id | None = None


class Subscription(Struct):
    event_type: str
    filter: Filter = Filter()
    webhook_id: Id | None = None


class Meta(Struct, frozen=True):
    next_token: str | None = None


class Subscriptions(Struct):
    data: list[Subscription] = []
    meta: Meta = Meta()


class Hooks:
    """`app` calls with the app's token, None where there is none; `user` with the account's."""

    def __init__(self, app: Calls | None, user: Calls, account: str) -> None:
        self._app, self._user, self._account = app, user, account

    def subscribe(self, url: str) -> None:
        """Deliver to `url` what we read; what is so already stays."""
        if self._app is None:
            raise DeliveryError("permanent", _NO_BEARER, code="no_bearer_token")
        known = self._find(self._app, url)
        webhook = str(known.id) if known else self._create(self._app, url)
        if known and not known.valid:
            self._app.repeat("PUT", f"2/webhooks/{webhook}")
        there = set(self._subscribed(self._app, webhook))
        for event in EVENTS:
            if event not in there:
                filter_ = {"user_id": self._account}
                body = {"event_type": event, "filter": filter_, "webhook_id": webhook}
                self._user.repeat("POST", "2/activity/subscriptions", json=body)

    def examine(self, url: str, _now: datetime) -> Sequence[Finding]:
        if self._app is None:
            return [Finding("Webhook", "warn", _NO_BEARER)]
        known = self._find(self._app, url)
        if known is None:
            return [Finding("Webhook", "fix", f"X delivers nothing to {url}. Subscribe the channel again.")]
        there = set(self._subscribed(self._app, str(known.id)))
        missing = [event for event in EVENTS if event not in there]
        return [_about_webhook(known), _about_events(missing)]

    def _find(self, app: Calls, url: str) -> Webhook | None:
        found = app.read("2/webhooks", {}, Webhooks).data
        return next((webhook for webhook in found if webhook.url == url), None)

    def _create(self, app: Calls, url: str) -> str:
        response = app.repeat("POST", "2/webhooks", json={"url": url})
        made = app.understood(response, Made, "retry")
        number = made.data.id if made.data else made.id
        if number is None:
            raise DeliveryError("retry", "X did not say which webhook it made.", code="no_id")
        return str(number)

    def _subscribed(self, app: Calls, webhook: str) -> Iterator[str]:
        query = {"max_results": "100"}
        while True:
            page = app.read("2/activity/subscriptions", query, Subscriptions)
            for one in page.data:
                ours = str(one.filter.user_id) == self._account
                if ours and (one.webhook_id is None or str(one.webhook_id) == webhook):
                    yield one.event_type
            if not page.meta.next_token:
                return
            query = {**query, "pagination_token": page.meta.next_token}


def _about_webhook(webhook: Webhook) -> Finding:
    if webhook.valid:
        return Finding("Webhook", "ok", "X has checked the address and delivers to it.")
    says = "X could not check the address. See that the hub is reachable from outside, then subscribe again."
    return Finding("Webhook", "fix", says)


def _about_events(missing: Sequence[str]) -> Finding:
    if not missing:
        return Finding("Events", "ok", "X tells of every event that the hub reads.")
    says = f"X does not tell of {', '.join(missing)}. Subscribe the channel again."
    return Finding("Events", "fix", says)
