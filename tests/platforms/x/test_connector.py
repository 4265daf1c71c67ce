"""Connecting an account by signing in at X."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from socialai.errors import DeliveryError, InvalidInput
from socialai.platforms.x.config import XConfig
from socialai.platforms.x.connector import SCOPES, XApp, XConnector
from tests.platforms.wire import Wire
from tests.platforms.x.sample import NOW, SHOP

APP = XApp(client_id="acme-client", client_secret="acme-secret", bearer_token="acme-bearer")
BACK = "https://hub.example.com/auth/social/x/callback"
GRANT = {
    "access_token": "user-token",
    "refresh_token": "user-refresh",
    "expires_in": 7200,
    "scope": " ".join(SCOPES),
}
ME = {"data": {"id": SHOP, "name": "Northwind Outfitters", "username": "northwindshop"}}


def grant(*answers: httpx.Response, **changes: Any) -> tuple[Any, Wire]:
    wire = Wire(*(answers or (ok({**GRANT, **changes}), ok(ME))))
    return XConnector(APP, wire.client()).grant("code", BACK, "verifier", NOW), wire


def ok(body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def test_the_owner_signs_in_at_x_with_pkce() -> None:
    url = urlsplit(XConnector(APP, Wire().client()).authorise_url("state-1", BACK, "challenge-1"))
    assert (url.scheme, url.netloc, url.path) == ("https", "x.com", "/i/oauth2/authorize")
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert query == {
        "response_type": "code",
        "client_id": "acme-client",
        "redirect_uri": BACK,
        "scope": " ".join(SCOPES),
        "state": "state-1",
        "code_challenge": "challenge-1",
        "code_challenge_method": "S256",
    }


def test_the_code_becomes_an_account_that_can_be_connected() -> None:
    granted, wire = grant()
    (found,) = granted.accounts
    assert (found.external_id, found.name) == (SHOP, "Northwind Outfitters")
    assert found.expires_at == NOW + timedelta(hours=2)
    config = msgspec.convert(found.values, XConfig)
    assert (config.access_token, config.refresh_token) == ("user-token", "user-refresh")
    assert (config.bearer_token, config.client_id) == ("acme-bearer", "acme-client")
    token, me = wire.requests
    assert token.headers["authorization"] == f"Basic {b64encode(b'acme-client:acme-secret').decode()}"
    assert parse_qs(token.content.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["code"],
        "redirect_uri": [BACK],
        "code_verifier": ["verifier"],
        "client_id": ["acme-client"],
    }
    assert me.headers["authorization"] == "Bearer user-token"


def test_permissions_that_were_not_given_are_named_in_plain_words() -> None:
    granted, _ = grant(scope="users.read tweet.read tweet.write offline.access")
    assert granted.missing == ["dm.read (to read private messages)", "dm.write (to answer private messages)"]
    assert grant(scope=" ".join(set(SCOPES) - {"tweet.moderate.write"}))[0].missing == []


@pytest.mark.parametrize(
    "answers",
    [
        (httpx.Response(400, json={"error": "invalid_request"}),),
        (ok(GRANT), httpx.Response(401)),
        (ok(GRANT), ok({"data": {}})),
        (ok(GRANT), ok({})),
    ],
)
def test_a_code_that_leads_nowhere_is_an_error(answers: tuple[httpx.Response, ...]) -> None:
    with pytest.raises(DeliveryError):
        grant(*answers)


@pytest.mark.parametrize(
    ("field", "value"),
    [("client_id", " "), ("client_secret", ""), ("bearer_token", "a b"), ("sign_in_url", "http://x.com")],
)
def test_what_cannot_be_right_is_refused(field: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        msgspec.convert({**msgspec.to_builtins(APP), field: value}, XApp)
