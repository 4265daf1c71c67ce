"""Access tokens of two hours, and with each a new refresh token: X takes each refresh token once.

Source: shared contract sheet; docs.x.com, OAuth 2.0 authorization code flow with PKCE.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx
import msgspec
from msgspec import Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Renewal
from socialai.platforms.calls import Calls
from socialai.platforms.x import failures
from socialai.platforms.x.config import XConfig

_AGAIN = "The account's access cannot be renewed any more; connect the account again."
_NO_TOKEN = "Without a refresh token the access ends after two hours; connect the account again."
_APP = "X does not know this app: check the client ID and the client secret."
_APP_ERRORS = frozenset({"invalid_client", "unauthorized_client"})


class Grant(Struct):
    """X may leave the refresh token out: then the one we have stays good. `scope` is what was granted."""

    access_token: str
    refresh_token: str = ""
    expires_in: int = 7200
    scope: str = ""


class Refusal(Struct):
    error: str | None = None


def renew(config: XConfig, http: httpx.Client, now: datetime) -> Renewal:
    if not config.refresh_token:
        raise DeliveryError("reauthorise", _NO_TOKEN, code="no_refresh_token")
    if not config.client_id:
        raise DeliveryError("permanent", _APP, code="no_client_id")
    form = {"grant_type": "refresh_token", "refresh_token": config.refresh_token}
    grant = ask(http, config.api_url, config.client_id, config.client_secret, form)
    values = {"access_token": grant.access_token, "refresh_token": grant.refresh_token}
    told = {name: value for name, value in values.items() if value}
    return Renewal(told, now + timedelta(seconds=grant.expires_in))


def ask(http: httpx.Client, url: str, client_id: str, secret: str, form: Mapping[str, str]) -> Grant:
    """What `form` is good for. DeliveryError."""
    calls = Calls("X", url, {}, http, find_error)
    named = {**form, "client_id": client_id}
    response = calls.repeat("POST", "2/oauth2/token", data=named, auth=httpx.BasicAuth(client_id, secret))
    return calls.understood(response, Grant, "retry")


def find_error(response: httpx.Response) -> DeliveryError | None:
    """OAuth has errors of its own, beside those of all of X."""
    try:
        error = msgspec.json.decode(response.content, type=Refusal, strict=False).error
    except (ValueError, RecursionError):
        error = None
    if error in _APP_ERRORS:
        return DeliveryError("permanent", _APP, code=error)
    if error and response.is_client_error and response.status_code != 429:
        return DeliveryError("reauthorise", _AGAIN, code=error[:40])
    return failures.find(response)
