"""Telling an app's webhook URL: Meta asks the hub first whether it wants it."""

import secrets

import httpx

from socialai.errors import SettingsError

TIMEOUT = 5.0


def shake(url: str, verify_token: str) -> None:
    """SettingsError unless the hub echoes the challenge."""
    challenge = str(secrets.randbelow(10**10))
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        answer = httpx.get(url, params=query, timeout=TIMEOUT, trust_env=False)
    except httpx.HTTPError as error:
        raise SettingsError(f"The webhook URL {url} does not answer: {error!r}") from None
    if answer.status_code != 200 or answer.text != challenge:
        raise SettingsError(f"The webhook URL {url} did not echo the challenge ({answer.status_code}).")
