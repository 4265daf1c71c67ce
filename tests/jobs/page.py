"""The Page at the other end of the wire: takes messages and shows them, or fails as it is told to."""

import json
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

import httpx

from socialai.domain.clock import Clock

How = Literal["take", "lost", "broken", "unreachable", "limit", "error", "expired", "blocked"]
Sent = dict[str, Any]

_REFUSALS: dict[str, tuple[int, dict[str, Any]]] = {
    "limit": (400, {"code": 613, "message": "Calls to this api have exceeded the rate limit."}),
    "error": (500, {"code": 2, "message": "Service temporarily unavailable"}),
    "expired": (401, {"code": 190, "error_subcode": 463, "message": "Session has expired"}),
    "blocked": (400, {"code": 551, "message": "This person isn't available right now."}),
}


class Page:
    """`plan`: how the next messages fare, `reads`: the next read-backs, `profiles`: the next questions of
    who somebody is, `news`: the next questions for news; without a word all is well.

    lost: taken, but the answer never comes · broken: the connection ends before anything is taken.
    """

    def __init__(self, clock: Clock, page_id: str) -> None:
        self.plan: deque[How] = deque()
        self.reads: deque[How] = deque()
        self.profiles: deque[How] = deque()
        self.news: deque[How] = deque()
        self.retry_after: float | None = None
        self.away_until: datetime | None = None
        """Until then every message is refused with an error of its own."""
        self.slow = timedelta()
        """How far its clock is behind ours."""
        self.sent: list[Sent] = []
        self.tries: list[datetime] = []
        self.talks: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        """What it tells who asks for news: conversations and comments, newest first."""
        self.deeds: list[tuple[str, str, dict[str, str]]] = []
        """What was done to comments: method, which one, and how."""
        self.taken: Callable[[Sent], None] = lambda _: None
        """Called while the hub still waits for the answer."""
        self._clock = clock
        self._page_id = page_id

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/messages"):
            return self._post(json.loads(request.content))
        if request.url.path.endswith("/comments"):
            return self._comment(request) if request.method == "POST" else self._read_comments(request)
        if request.method in ("POST", "DELETE"):
            self.deeds.append((request.method, request.url.path.split("/")[-1], dict(request.url.params)))
            return self._take(self.plan.popleft() if self.plan else "take", {"success": True})
        if request.url.path.endswith("/published_posts"):
            return self._asked_for_news(
                {"data": [{"id": f"{self._page_id}_88", "comments": {"data": self.comments}}]}
            )
        if request.url.path.endswith("/conversations"):
            contact = request.url.params.get("user_id")
            return self._read(contact) if contact else self._asked_for_news({"data": self.talks})
        return self._profile()

    def texts(self, contact: str) -> list[str]:
        return [sent["text"] for sent in self.sent if sent["contact"] == contact]

    def keep(self, contact: str, text: str, key: str | None = None) -> Sent:
        """A message of the Page's, whoever wrote it."""
        sent = {"id": f"m_sent{len(self.sent)}", "contact": contact, "text": text, "key": key}
        self.sent.append({**sent, "at": self._clock() - self.slow})
        return self.sent[-1]

    def _post(self, body: Any) -> httpx.Response:
        contact = body["recipient"].get("id") or body["recipient"]["comment_id"]
        if "sender_action" in body:
            return httpx.Response(200, json={"recipient_id": contact})
        self.tries.append(self._clock())
        how = self.plan.popleft() if self.plan else "take"
        if self.away_until and self._clock() < self.away_until:
            how = "error"
        self._fail(how)
        if how in _REFUSALS:
            return self._refuse(how)
        sent = self.keep(contact, body["message"]["text"], body["message"]["metadata"])
        self.taken(sent)
        if how == "lost":
            raise httpx.ReadTimeout("no answer")
        return httpx.Response(200, json={"recipient_id": contact, "message_id": sent["id"]})

    def _asked_for_news(self, told: dict[str, Any]) -> httpx.Response:
        return self._take(self.news.popleft() if self.news else "take", told)

    def _comment(self, request: httpx.Request) -> httpx.Response:
        """Under what is named in the path."""
        self.tries.append(self._clock())
        how = self.plan.popleft() if self.plan else "take"
        self._fail(how)
        if how in _REFUSALS:
            return self._refuse(how)
        sent = self.keep(request.url.path.split("/")[-2], json.loads(request.content)["message"])
        self.taken(sent)
        return self._take(how, {"id": sent["id"]})

    def _read_comments(self, request: httpx.Request) -> httpx.Response:
        how = self.reads.popleft() if self.reads else "take"
        under = request.url.path.split("/")[-2]
        shown = [self._shown(sent) for sent in reversed(self.sent) if sent["contact"] == under]
        return self._take(how, {"data": shown})

    def _take(self, how: How, answer: Any) -> httpx.Response:
        self._fail(how)
        if how == "lost":
            raise httpx.ReadTimeout("no answer")
        return self._refuse(how) if how in _REFUSALS else httpx.Response(200, json=answer)

    def _read(self, contact: str) -> httpx.Response:
        how = self.reads.popleft() if self.reads else "take"
        self._fail(how)
        if how in _REFUSALS:
            return self._refuse(how)
        newest_first = [self._shown(sent) for sent in reversed(self.sent) if sent["contact"] == contact]
        conversation = {"id": f"t_{contact}", "messages": {"data": newest_first}}
        return httpx.Response(200, json={"data": [conversation]})

    def _profile(self) -> httpx.Response:
        how = self.profiles.popleft() if self.profiles else "take"
        self._fail(how)
        if how in _REFUSALS:
            return self._refuse(how)
        return httpx.Response(200, json={"first_name": "Ada", "last_name": "Lovelace", "name": "Acme"})

    def _fail(self, how: How) -> None:
        if how == "broken":
            raise httpx.RemoteProtocolError("the connection ended")
        if how == "unreachable":
            raise httpx.ConnectError("no route")

    def _refuse(self, how: How) -> httpx.Response:
        status, error = _REFUSALS[how]
        headers = {} if self.retry_after is None else {"retry-after": str(self.retry_after)}
        return httpx.Response(status, json={"error": error}, headers=headers)

    def _shown(self, sent: Sent) -> dict[str, Any]:
        return {
            "id": sent["id"],
            "message": sent["text"],
            "from": {"id": self._page_id},
            "created_time": sent["at"].strftime("%Y-%m-%dT%H:%M:%S+0000"),
        }
