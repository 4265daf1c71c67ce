"""The connection: where Meta delivers, what is missing, whose number it is, what a form may hold."""

import json
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from socialai.errors import InvalidInput
from socialai.platforms.whatsapp import WhatsApp
from socialai.platforms.whatsapp.config import WhatsAppConfig
from tests.platforms.whatsapp.sample import CONFIG, NOW, NUMBER, WABA, adapter
from tests.platforms.wire import Wire

URL = "https://hub.example/webhooks/whatsapp/acme"
WITH_APP = msgspec.structs.replace(CONFIG, app_id="412008153370021")
SCOPES = ["whatsapp_business_messaging", "whatsapp_business_management"]


def number(**changes: Any) -> httpx.Response:
    usual = {"verified_name": "Fjell og Fjord", "quality_rating": "GREEN", "status": "CONNECTED"}
    return httpx.Response(200, json={**usual, "id": NUMBER, **changes})


def delivers(*urls: str | None) -> httpx.Response:
    apps = [
        {"whatsapp_business_api_data": {"id": "1"}, **({"override_callback_uri": url} if url else {})}
        for url in urls
    ]
    return httpx.Response(200, json={"data": apps})


def token(**changes: Any) -> httpx.Response:
    return httpx.Response(
        200, json={"data": {"is_valid": True, "scopes": SCOPES, "expires_at": 0, **changes}}
    )


def examined(*answers: httpx.Response, config: WhatsAppConfig = WITH_APP) -> list[tuple[str, str]]:
    found = adapter(Wire(*answers), config).examine(URL, NOW)
    assert all(finding.says.endswith(".") for finding in found)
    return [(finding.about, finding.state) for finding in found]


def test_the_number_tells_its_name() -> None:
    assert adapter(Wire(number())).check() == "Fjell og Fjord"
    nameless = number(verified_name=None, display_phone_number="+47 900 12 345")
    assert adapter(Wire(nameless)).check() == "+47 900 12 345"


def test_the_account_delivers_to_an_address_of_its_own() -> None:
    wire = Wire(httpx.Response(200, json={"success": True}))
    adapter(wire).subscribe(URL)
    assert (wire.requests[0].method, wire.requests[0].url.path) == ("POST", f"/v26.0/{WABA}/subscribed_apps")
    assert wire.body() == {"override_callback_uri": URL, "verify_token": CONFIG.verify_token}


def test_a_good_connection_has_only_good_findings() -> None:
    assert examined(token(), delivers(URL), number()) == [
        ("Token", "ok"),
        ("Permissions", "ok"),
        ("Webhook", "ok"),
        ("Quality", "ok"),
    ]


def test_each_fault_is_found() -> None:
    soon = round((NOW + timedelta(days=3)).timestamp())
    told = examined(
        token(expires_at=soon, scopes=SCOPES[:1]),
        delivers("https://old.example"),
        number(quality_rating="RED", status="FLAGGED"),
    )
    assert told == [
        ("Token", "warn"),
        ("Permissions", "fix"),
        ("Webhook", "fix"),
        ("Quality", "fix"),
        ("Number", "fix"),
    ]
    found = examined(delivers(), number(quality_rating="YELLOW"), config=CONFIG)
    assert found == [("App ID", "warn"), ("Webhook", "fix"), ("Quality", "warn")]


def test_what_one_app_of_two_businesses_was_delivered_is_parted_by_number() -> None:
    def change(phone_number_id: str | None, field: str = "messages") -> dict[str, Any]:
        metadata = {"metadata": {"phone_number_id": phone_number_id}} if phone_number_id else {}
        return {"field": field, "value": metadata}

    entries = [
        {"id": WABA, "changes": [change(NUMBER), change("99")]},
        {"id": WABA, "changes": [change(None, "account_update")]},
    ]
    body = json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()
    parted = WhatsApp.split(body)
    assert set(parted) == {NUMBER, "99", WABA}
    (entry,) = json.loads(parted["99"])["entry"]
    assert entry == {"id": WABA, "changes": [change("99")]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone_number_id", "+47 900 12 345"),
        ("waba_id", ""),
        ("access_token", "two words"),
        ("app_secret", "å"),
        ("template_name", "Hello World"),
        ("template_language", "German"),
        ("api_version", "latest"),
        ("graph_url", "http://graph.facebook.com"),
    ],
)
def test_a_field_that_cannot_be_right_is_refused_without_quoting_it(field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as error:
        msgspec.structs.replace(CONFIG, **{field: value})
    assert not value or value not in str(error.value)


def test_no_secret_is_shown_where_a_config_is_printed() -> None:
    shown = repr(CONFIG) + repr(CONFIG.__rich_repr__())
    assert not any(secret in shown for secret in (CONFIG.access_token, CONFIG.app_secret))
