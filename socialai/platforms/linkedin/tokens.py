"""A new access token of 60 days. The refresh token lives a year from the first sign-in, and is given to
approved partners only. Source: shared contract sheet; MS Learn, programmatic refresh tokens."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx
import msgspec
from msgspec import Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Renewal
from socialai.platforms.calls import Calls
from socialai.platforms.linkedin import failures
from socialai.platforms.linkedin.config import LinkedInConfig

_AGAIN = "The Page's access cannot be renewed any more; connect the Page again."
_NO_TOKEN = "LinkedIn gave no refresh token, so the access ends after 60 days; connect the Page again."
_APP = "LinkedIn does not know this app: check the client ID and the client secret."
_APP_ERRORS = frozenset({"invalid_client", "unauthorized_client"})


class Grant(Struct):
    """`scope` is what was granted, separated by commas or spaces."""

    access_token: str
    expires_in: int = 5_184_000
    refresh_token: str = ""
    scope: str = ""


class Refusal(Struct):
    error: str | None = None


def renew(config: LinkedInConfig, http: httpx.Client, now: datetime) -> Renewal:
    if not config.refresh_token:
        raise DeliveryError("reauthorise", _NO_TOKEN, code="no_refresh_token")
    if not config.client_id:
        raise DeliveryError("permanent", _APP, code="no_client_id")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": config.refresh_token,
        "client_id": config.client_id,
        "client_secret": config.client_secret,
    }
    grant = ask(http, config.sign_in_url, form)
    values = {"access_token": grant.access_token, "refresh_token": grant.refresh_token}
    told = {name: value for name, value in values.items() if value}
    return Renewal(told, now + timedelta(seconds=grant.expires_in))


def ask(http: httpx.Client, url: str, form: Mapping[str, str]) -> Grant:
    """What `form` is good for. DeliveryError."""
    calls = Calls("LinkedIn", url, {}, http, find_error)
    return calls.understood(calls.repeat("POST", "oauth/v2/accessToken", data=dict(form)), Grant, "retry")


def find_error(response: httpx.Response) -> DeliveryError | None:
    """OAuth has errors of its own, beside those of all of LinkedIn."""
    try:
        error = msgspec.json.decode(response.content, type=Refusal, strict=False).error
    except (ValueError, RecursionError):
        error = None
    if error in _APP_ERRORS:
        return DeliveryError("permanent", _APP, code=error)
    if error and response.is_client_error and response.status_code != 429:
        return DeliveryError("reauthorise", _AGAIN, code=error[:40])
    return failures.find(response)
