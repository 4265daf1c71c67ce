"""A new access token of Salesforce: by refresh token, or by a signed assertion for a user's name."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from textwrap import wrap

import httpx
import jwt
import msgspec
from msgspec import Struct

from socialai.crms.salesforce import failures
from socialai.crms.salesforce.config import SalesforceConfig, is_theirs
from socialai.errors import DeliveryError
from socialai.platforms.base import Renewal
from socialai.platforms.calls import Calls

_LIVES = timedelta(minutes=15)
"""They do not say when it ends: an admin sets it, and this is the shortest there is."""
_ASSERTED = timedelta(minutes=3)
_PEM = re.compile(r"(-----BEGIN [A-Z ]+-----)([^-]+)(-----END [A-Z ]+-----)")
_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Grant(Struct):
    access_token: str
    instance_url: str = ""
    refresh_token: str = ""


class Refusal(Struct):
    error: str = ""


def renew(config: SalesforceConfig, http: httpx.Client, now: datetime) -> Renewal:
    calls = Calls("Salesforce", config.login_url, {}, http, _refused)
    form = _refreshing(config) if config.refresh_token else _asserting(config, now)
    grant = calls.understood(calls.repeat("POST", "services/oauth2/token", data=form), Grant, "retry")
    if grant.instance_url and not is_theirs(grant.instance_url):
        raise DeliveryError("permanent", "Salesforce names an address that is not its own.", code="address")
    return Renewal(msgspec.to_builtins(grant), now + _LIVES)


def _refreshing(config: SalesforceConfig) -> Mapping[str, str]:
    form = {
        "grant_type": "refresh_token",
        "client_id": config.client_id,
        "refresh_token": config.refresh_token,
    }
    return form | ({"client_secret": config.client_secret} if config.client_secret else {})


def _asserting(config: SalesforceConfig, now: datetime) -> Mapping[str, str]:
    claims = {
        "iss": config.client_id,
        "sub": config.username,
        "aud": config.login_url,
        "exp": int((now + _ASSERTED).timestamp()),
    }
    try:
        assertion = jwt.encode(claims, _in_lines(config.private_key), algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError):
        message = "The private key for Salesforce is no RSA key in PEM form; connect Salesforce again."
        raise DeliveryError("reauthorise", message, code="bad_key") from None
    return {"grant_type": _BEARER, "assertion": assertion}


def _in_lines(key: str) -> str:
    """PEM as it was before a form made one line of it."""
    parts = _PEM.fullmatch(key.strip())
    if parts is None:
        raise ValueError("no PEM")
    head, body, tail = parts.groups()
    return "\n".join((head, *wrap("".join(body.split()), 64), tail))


def _refused(response: httpx.Response) -> DeliveryError | None:
    """Here an error is an object, not a list."""
    if response.status_code not in (400, 401, 403):
        return failures.find(response)
    try:
        refusal = msgspec.json.decode(response.content, type=Refusal)
    except (ValueError, RecursionError):
        refusal = Refusal()
    message = "Salesforce does not let the hub sign in; connect Salesforce again."
    return DeliveryError("reauthorise", message, code=refusal.error or "dead_refresh_token")
