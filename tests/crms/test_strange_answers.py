"""What a CRM answers is never trusted: a plain reason comes of it, and no endless retry."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from socialai.crms.base import CrmAdapter, Wanted
from socialai.crms.registry import CRMS
from socialai.errors import DeliveryError
from socialai.sandbox.salesforce.sandbox import SalesforceSandbox

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HERE = "http://127.0.0.1:9"
VALUES: dict[str, dict[str, str]] = {
    "hubspot": {"access_token": "pat-1", "api_url": HERE},
    "salesforce": {"instance_url": HERE, "login_url": HERE, "client_id": "c", "refresh_token": "r"},
    "zoho": {"client_id": "c", "client_secret": "s", "refresh_token": "r", "api_url": HERE},
}
HTML = {"content-type": "text/html"}
BIG = b'{"results": [' + b'{"id": "x"},' * 200_000 + b"]"


def adapter(kind: str, answer: Any, **values: str) -> CrmAdapter:
    made = CRMS[kind]
    config = msgspec.convert(VALUES[kind] | values, made.Config)
    return made(config, httpx.Client(transport=httpx.MockTransport(answer)))


@pytest.mark.parametrize("kind", CRMS)
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(200, text="<html>Please sign in</html>", headers=HTML), "retry"),
        (httpx.Response(200, content=b""), "retry"),
        (httpx.Response(200, content=BIG), "retry"),
        (httpx.Response(200, json={"unheard": "of"}), "retry"),
        (httpx.Response(302, headers={"location": "https://login.example"}), "permanent"),
        (httpx.Response(400, text="<html>no</html>", headers=HTML), "permanent"),
        (httpx.Response(400, json=[]), "permanent"),
        (httpx.Response(401, content=b""), "reauthorise"),
        (httpx.Response(503, text="<html>later</html>", headers=HTML), "retry"),
        (httpx.Response(500, content=b"[" * 100_000), "retry"),
    ],
    ids=["html", "empty", "big", "other", "redirect", "refused", "nothing said", "401", "503", "deep"],
)
def test_each_strange_answer_has_a_plain_meaning(kind: str, answer: httpx.Response, outcome: str) -> None:
    made = adapter(kind, lambda _: answer)
    for ask in (made.account, partial(made.find, Wanted("acme-1"))):
        with pytest.raises(DeliveryError) as raised:
            ask()
        assert raised.value.outcome == outcome
        assert str(raised.value).endswith(".")
        assert "html" not in str(raised.value)


def test_an_answer_of_another_kind_does_not_say_that_a_lead_is_gone() -> None:
    made = adapter("zoho", lambda _: httpx.Response(200, json={"unheard": "of"}))
    with pytest.raises(DeliveryError) as raised:
        made.read("1", ["Email"])
    assert raised.value.outcome == "retry"


@pytest.mark.parametrize("kind", ["salesforce", "zoho"])
def test_quotes_in_a_value_stay_in_it(kind: str) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        if "SocialAI_ID__c" in request.url.path:
            return httpx.Response(404, json=[{"errorCode": "NOT_FOUND", "message": ""}])
        query = request.url.params.get("q")
        asked.append(query or msgspec.json.decode(request.content)["select_query"])
        return httpx.Response(200, json={"data": [], "records": []})

    assert adapter(kind, answer).find(Wanted("acme-1", email="o' or x = '\\")) is None
    assert r"Email = 'o\' or x = \'\\'" in asked[-1]


def test_salesforce_is_signed_in_to_with_a_key_and_a_user_name() -> None:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    forms = []

    def answer(request: httpx.Request) -> httpx.Response:
        forms.append(httpx.QueryParams(request.content.decode()))
        return httpx.Response(200, json={"access_token": "t", "instance_url": HERE})

    one_line = pem.replace("\n", " ")  # as a form leaves it
    made = adapter("salesforce", answer, refresh_token="", username="hub@example.com", private_key=one_line)
    assert (renewal := made.renew(NOW))
    assert renewal.values["access_token"] == "t"
    claims = jwt.decode(
        forms[0]["assertion"], key.public_key(), ["RS256"], audience=HERE, options={"verify_exp": False}
    )
    assert (claims["iss"], claims["sub"]) == ("c", "hub@example.com")


@pytest.mark.parametrize("kind", ["salesforce", "zoho"])
def test_a_token_is_sent_to_no_address_of_others(kind: str) -> None:
    strange = {
        "access_token": "t",
        "instance_url": "https://evil.example",
        "api_domain": "https://evil.example",
    }
    with pytest.raises(DeliveryError, match="not its own"):
        adapter(kind, lambda _: httpx.Response(200, json=strange)).renew(NOW)


def test_a_refresh_token_that_zoho_refuses_with_success_is_refused() -> None:
    with pytest.raises(DeliveryError) as raised:
        adapter("zoho", lambda _: httpx.Response(200, json={"error": "invalid_code"})).renew(NOW)
    assert (raised.value.outcome, raised.value.code) == ("reauthorise", "invalid_code")
    with pytest.raises(DeliveryError) as raised:
        adapter("zoho", lambda _: httpx.Response(400, json={"error": "Access Denied"})).renew(NOW)
    assert (raised.value.outcome, raised.value.retry_after) == ("retry", 600.0)


def test_fields_that_are_missing_in_salesforce_are_said_with_where_to_make_them() -> None:
    with SalesforceSandbox(made=False) as sandbox, httpx.Client() as http:
        made = CRMS["salesforce"]
        values = sandbox.values() | {"access_token": sandbox.token}
        findings = made(msgspec.convert(values, made.Config), http).prepare()
    assert [finding.state for finding in findings] == ["fix", "fix"]
    assert "Object Manager → Lead" in findings[0].says
    assert "LeadScore (Number, length 3)" in findings[0].says
