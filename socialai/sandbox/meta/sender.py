"""Delivers webhooks as Meta does: signed, in order for each page, again and again until the hub says 200."""

import hmac
import threading
import time
from collections.abc import Sequence

import httpx

from socialai.sandbox.meta import deliveries
from socialai.sandbox.meta.records import Delivery
from socialai.sandbox.meta.state import State
from socialai.sandbox.meta.subscriptions import callback_of

RETRY_WAITS = (0.0, 0.25, 0.5, 1.0, 2.0)
"""Seconds before each retry; the last one repeats. Meta's are longer: nobody wants to watch them."""
TIMEOUT = 5.0


class Sender:
    def __init__(self, state: State, waits: Sequence[float] = RETRY_WAITS) -> None:
        self._state = state
        self._waits = waits
        self._not_before: dict[str, float] = {}
        self._stopping = False
        self._http = httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._state.changed:
            self._stopping = True
            self._state.changed.notify_all()
        self._thread.join(TIMEOUT + 1)
        self._http.close()

    def retry_now(self) -> None:
        """Forget the waits that failures brought."""
        with self._state.changed:
            self._not_before.clear()
            self._state.changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._state.changed:
                delivery = self._next()
                if self._stopping:
                    return
                if delivery is None:
                    self._state.changed.wait(self._until_due())
                    continue
            self._attempt(delivery)

    def _next(self) -> Delivery | None:
        now = time.monotonic()
        due = (
            each for each in deliveries.heads(self._state) if self._not_before.get(each.account_id, 0) <= now
        )
        return next(due, None)

    def _until_due(self) -> float | None:
        """Seconds until a waiting page may be tried again; None: until something changes."""
        waiting = [
            self._not_before[each.account_id]
            for each in deliveries.heads(self._state)
            if each.account_id in self._not_before
        ]
        return max(min(waiting) - time.monotonic(), 0) if waiting else None

    def _attempt(self, delivery: Delivery) -> None:
        problem = self._post(delivery)
        with self._state.changed:
            if problem:
                wait = self._waits[min(delivery.attempts, len(self._waits) - 1)]
                self._not_before[delivery.account_id] = time.monotonic() + wait
            else:
                self._not_before.pop(delivery.account_id, None)
            deliveries.settle(self._state, delivery, problem)

    def _post(self, delivery: Delivery) -> str | None:
        """What went wrong; None when the hub said 200."""
        url, secret = callback_of(self._state, delivery.account_id)
        if url is None:
            return "the app has no webhook URL"
        try:
            answer = self._http.post(url, content=delivery.body, headers=_headers(delivery.body, secret))
        except httpx.HTTPError as error:
            return repr(error)
        return None if answer.status_code == 200 else f"HTTP {answer.status_code}"


def _headers(body: bytes, secret: str) -> dict[str, str]:
    def signed(algorithm: str) -> str:
        return f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"

    return {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature": signed("sha1"),
        "X-Hub-Signature-256": signed("sha256"),
    }
