"""Checks webhooks and delivers to them as X does: the body signed with the app's client secret, in base64."""

import hmac
import secrets
import threading
from base64 import b64encode
from collections.abc import Sequence

import httpx
import msgspec

from socialai.sandbox.x.records import Webhook
from socialai.sandbox.x.state import State

RETRY_WAITS = (0.0, 0.25, 0.5, 1.0, 2.0)
"""Seconds before each retry; the last one repeats."""
TIMEOUT = 10.0


def sign(secret: str, content: bytes) -> str:
    return f"sha256={b64encode(hmac.digest(secret.encode(), content, 'sha256')).decode()}"


def check(state: State, webhook: Webhook) -> bool:
    """The challenge-response check (CRC)."""
    token = secrets.token_urlsafe(16)
    try:
        answer = httpx.get(webhook.url, params={"crc_token": token}, timeout=TIMEOUT, trust_env=False)
        told = msgspec.json.decode(answer.content, type=dict[str, str]).get("response_token", "")
    except (httpx.HTTPError, msgspec.MsgspecError):
        return False
    webhook.valid = hmac.compare_digest(told, sign(state.app.client_secret, token.encode()))
    return webhook.valid


class Sender:
    """One after the other, again and again until the hub says 2xx."""

    def __init__(self, state: State, waits: Sequence[float]) -> None:
        self._state, self._waits = state, waits
        self._failed = 0
        self._stopping = False
        self._http = httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._thread = threading.Thread(target=self._run, name="x-webhooks", daemon=True)

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
                self._state.changed.wait_for(lambda: self._stopping or bool(self._state.queue))
                if self._stopping:
                    return
                url, event = self._state.queue[0]
            self._settle(self._post(url, msgspec.json.encode(event)))

    def _settle(self, delivered: bool) -> None:
        if delivered:
            self._failed = 0
            with self._state.changing():
                self._state.queue.pop(0)
            return
        wait = self._waits[min(self._failed, len(self._waits) - 1)]
        self._failed += 1
        with self._state.changed:
            self._state.changed.wait_for(lambda: self._stopping, wait)

    def _post(self, url: str, body: bytes) -> bool:
        headers = {
            "content-type": "application/json",
            "x-twitter-webhooks-signature-oauth2": sign(self._state.app.client_secret, body),
        }
        try:
            return self._http.post(url, content=body, headers=headers).is_success
        except httpx.HTTPError:
            return False
