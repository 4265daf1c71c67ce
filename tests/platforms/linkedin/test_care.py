"""The connection to LinkedIn: tokens, where it delivers, who is who, and signing in."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from socialai.domain.happening import Profile
from socialai.errors import DeliveryError, InvalidInput
from socialai.platforms.linkedin import LinkedIn
from socialai.platforms.linkedin.config import LinkedInConfig
from socialai.platforms.linkedin.connector import LinkedInApp, LinkedInConnector
from tests.platforms.linkedin.sample import ANNA, CONFIG, NOW, PAGE, adapter, refusal
from tests.platforms.sample import fixtures
from tests.platforms.wire import Wire

URL = "https://hub.example.com/webhooks/linkedin/acme"
BACK = "https://hub.example.com/auth/social/linkedin/callback"
KEY = (
    "/rest/eventSubscriptions/(developerApplication:urn%3Ali%3AdeveloperApplication%3A4711,"
    "user:urn%3Ali%3Aperson%3AaBcD-12_3,entity:urn%3Ali%3Aorganization%3A96072893,"
    "eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)"
)
APP = LinkedInApp(client_id="acme-client", client_secret="acme-secret", app_id="4711")
GRANT = {"access_token": "member-token", "expires_in": 5184000, "scope": APP.scopes.replace(" ", ",")}
ROLE = {
    "organization": PAGE,
    "roleAssignee": "urn:li:person:aBcD",
    "role": "ADMINISTRATOR",
    "state": "APPROVED",
}


def ok(body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def changed(**changes: Any) -> LinkedInConfig:
    return msgspec.convert({**msgspec.to_builtins(CONFIG), **changes}, LinkedInConfig)


def failure(answer: httpx.Response, config: LinkedInConfig = CONFIG) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(answer), config).renew(NOW)
    return error.value


def test_a_token_is_renewed_for_sixty_days_and_its_refresh_token_kept() -> None:
    wire = Wire(ok({"access_token": "new", "expires_in": 5184000}))
    renewal = adapter(wire).renew(NOW)
    assert renewal.values == {"access_token": "new"}
    assert renewal.expires_at == NOW + timedelta(days=60)
    (request,) = wire.requests
    assert request.url == "https://www.linkedin.com/oauth/v2/accessToken"
    assert "authorization" not in request.headers
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": [CONFIG.refresh_token],
        "client_id": ["acme-client"],
        "client_secret": [CONFIG.client_secret],
    }


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(400, json={"error": "invalid_request"}), "reauthorise"),
        (httpx.Response(400, json={"error": "invalid_grant"}), "reauthorise"),
        (httpx.Response(401, json={"error": "invalid_client"}), "permanent"),
        (httpx.Response(429, json={"error": "slow_down"}), "retry"),
        (httpx.Response(500), "retry"),
        (httpx.Response(200, text="<html>"), "retry"),
    ],
)
def test_what_went_wrong_in_renewing_is_told_apart(answer: httpx.Response, outcome: str) -> None:
    assert failure(answer).outcome == outcome


def test_who_is_no_approved_partner_connects_again_every_sixty_days() -> None:
    assert "60 days" in str(failure(httpx.Response(500), changed(refresh_token="")))
    assert failure(httpx.Response(500), changed(client_id=None)).outcome == "permanent"


def test_linkedin_is_told_where_to_deliver() -> None:
    wire = Wire(httpx.Response(200))
    adapter(wire).subscribe(URL)
    (request,) = wire.requests
    assert (request.method, request.url.raw_path.decode()) == ("PUT", KEY)
    assert wire.body() == {"webhook": URL}
    with pytest.raises(DeliveryError, match="app number"):
        adapter(Wire(), changed(app_id=None)).subscribe(URL)


@pytest.mark.parametrize(
    ("answer", "config", "state"),
    [
        (ok({"webhook": URL, "expiresAt": 1788000000000}), CONFIG, "ok"),
        (ok({"webhook": URL}), CONFIG, "ok"),
        (ok({"webhook": "https://other.example/"}), CONFIG, "fix"),
        (ok({"webhook": URL, "expiresAt": 1700000000000}), CONFIG, "fix"),
        (refusal(404), CONFIG, "warn"),
        (refusal(403), CONFIG, "warn"),
        (httpx.Response(500), changed(member_id=None), "warn"),
    ],
)
def test_the_doctor_sees_where_linkedin_delivers(
    answer: httpx.Response, config: LinkedInConfig, state: str
) -> None:
    webhook, version = adapter(Wire(answer), config).examine(URL, NOW)
    assert (webhook.state, version.state) == (state, "ok")
    assert webhook.says.endswith(".")


def test_a_dead_token_is_no_finding_but_an_error() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(refusal(401))).examine(URL, NOW)
    assert error.value.outcome == "reauthorise"


@pytest.mark.parametrize(("months", "state"), [(1, "ok"), (10, "warn"), (12, "warn"), (13, "fix")])
def test_an_old_version_is_said_before_linkedin_retires_it(months: int, state: str) -> None:
    later = NOW.replace(year=2026 + (6 + months) // 12, month=(6 + months) % 12 + 1)
    *_, version = adapter(Wire(ok({"webhook": URL}))).examine(URL, later)
    assert version.state == state


def test_a_member_and_another_page_have_names() -> None:
    told = {"localizedFirstName": "Anna", "localizedLastName": "Berg", "localizedHeadline": "Buyer"}
    wire = Wire(ok({**told, "vanityName": "annaberg"}), ok({"localizedName": "Rival", "vanityName": "rival"}))
    linkedin = adapter(wire)
    assert linkedin.profile(ANNA) == Profile("Anna Berg", {"headline": "Buyer", "username": "annaberg"})
    assert linkedin.profile("urn:li:organization:5") == Profile("Rival", {"username": "rival"})
    paths = [request.url.raw_path.decode() for request in wire.requests]
    assert paths == ["/v2/people/(id:zLqTygBP8S)", "/rest/organizations/5"]
    with pytest.raises(DeliveryError):
        linkedin.profile("urn:li:company:1")


def test_the_page_is_known_by_its_name() -> None:
    assert adapter(Wire(ok({"localizedName": "Northwind Outfitters"}))).check() == "Northwind Outfitters"
    assert adapter(Wire(ok({}))).check() == "96072893"


def test_an_owner_signs_in_and_chooses_among_the_pages_they_administer() -> None:
    connector = LinkedInConnector(APP, Wire().client())
    url = urlsplit(connector.authorise_url("state-1", BACK, "unused"))
    assert (url.netloc, url.path) == ("www.linkedin.com", "/oauth/v2/authorization")
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": ["acme-client"],
        "redirect_uri": [BACK],
        "state": ["state-1"],
        "scope": [APP.scopes],
    }
    roles = ok({"elements": [ROLE, {**ROLE, "organization": "urn:li:organizationBrand:x"}]})
    wire = Wire(ok({**GRANT, "refresh_token": "yearly"}), roles, ok({"localizedName": "Northwind"}))
    granted = LinkedInConnector(APP, wire.client()).grant("code", BACK, "unused", NOW)
    (found,) = granted.accounts
    assert (found.external_id, found.name, granted.missing) == (PAGE, "Northwind", [])
    assert found.expires_at == NOW + timedelta(days=60)
    config = msgspec.convert(found.values, LinkedInConfig)
    assert (config.access_token, config.refresh_token, config.member_id) == ("member-token", "yearly", "aBcD")
    assert LinkedIn(config, Wire().client()).external_id == PAGE
    assert wire.requests[1].headers["authorization"] == "Bearer member-token"


def test_permissions_that_were_not_given_are_named() -> None:
    wire = Wire(ok({**GRANT, "scope": "r_organization_social_feed rw_organization_admin"}))
    granted = LinkedInConnector(APP, wire.client()).grant("code", BACK, "unused", NOW)
    assert (granted.accounts, granted.missing) == ([], ["w_organization_social_feed"])


def test_one_delivery_to_the_app_of_several_businesses_is_parted_by_page() -> None:
    one, two = (fixtures("linkedin")[name].payload["notifications"][0] for name in ("comment", "like"))
    other = {**two, "organizationalEntity": "urn:li:organization:5"}
    body = {"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [one, other, two]}
    parted = LinkedIn.split(msgspec.json.encode(body))
    assert {page: len(LinkedIn.parse(each)) for page, each in parted.items()} == {
        PAGE: 2,
        "urn:li:organization:5": 1,
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organization_id", PAGE),
        ("organization_id", ""),
        ("access_token", ""),
        ("client_secret", "a b"),
        ("refresh_token", "å"),
        ("app_id", "app"),
        ("member_id", "urn:li:person:a"),
        ("api_version", "v2"),
        ("api_version", "202613"),
        ("api_url", "http://api.linkedin.com"),
        ("sign_in_url", "ftp://www.linkedin.com"),
    ],
)
def test_what_cannot_be_right_is_refused_in_plain_words(field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as error:
        changed(**{field: value})
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    ("field", "value"),
    [("client_id", ""), ("scopes", " "), ("app_id", "x"), ("api_version", "1"), ("api_url", "http://a.b")],
)
def test_an_app_that_cannot_be_right_is_refused(field: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        msgspec.convert({**msgspec.to_builtins(APP), field: value}, LinkedInApp)
