"""Delivers updates to webhooks as Telegram does: with the secret in a header, one after the other, again and
again until the hub says 2xx."""

import threading
from collections.abc import Sequence

import httpx
import msgspec

from socialai.sandbox.telegram import untaken
from socialai.sandbox.telegram.records import Bot
from socialai.sandbox.telegram.state import State

RETRY_WAITS = (0.0, 0.25, 0.5, 1.0, 2.0)
"""Seconds before each retry; the last one repeats."""
TIMEOUT = 5.0


class Sender:
    def __init__(self, state: State, waits: Sequence[float]) -> None:
        self._state = state
        self._waits = waits
        self._failed = 0
        self._stopping = False
        self._http = httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._thread = threading.Thread(target=self._run, name="telegram-webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._state.changing():
            self._stopping = True
        self._thread.join(TIMEOUT + 1)
        self._http.close()

    def _run(self) -> None:
        while True:
            with self._state.changed:
                while not self._stopping and self._next() is None:
                    self._state.changed.wait()
                found = self._next()
                if self._stopping or found is None:
                    return
            self._deliver(*found)

    def _next(self) -> tuple[Bot, untaken.Update] | None:
        for bot in self._state.bots.values():
            if self._state.webhooks[bot.id].url and self._state.updates[bot.id]:
                return bot, self._state.updates[bot.id][0]
        return None

    def _deliver(self, bot: Bot, update: untaken.Update) -> None:
        problem = self._post(bot, update)
        untaken.delivered(self._state, bot, update, problem)
        if problem is None:
            self._failed = 0
            return
        wait = self._waits[min(self._failed, len(self._waits) - 1)]
        self._failed += 1
        with self._state.changed:
            self._state.changed.wait_for(lambda: self._stopping, wait)

    def _post(self, bot: Bot, update: untaken.Update) -> str | None:
        hook = self._state.webhooks[bot.id]
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        try:
            answer = self._http.post(hook.url, content=msgspec.json.encode(update), headers=headers)
        except httpx.HTTPError as error:
            return repr(error)
        if answer.is_success:
            return None
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
