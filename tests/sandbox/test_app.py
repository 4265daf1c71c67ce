"""An app's own side of the stand-in: the connection doctor finds it sound, and an owner can sign in."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from socialai.errors import DeliveryError
from socialai.platforms.base import Platform
from socialai.platforms.facebook.connector import SCOPES, FacebookApp, FacebookConnector
from socialai.platforms.instagram.connector import InstagramApp, InstagramConnector
from socialai.platforms.registry import PLATFORMS
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.stage import channels

from .conftest import VERIFY_TOKEN, Clock, Hub

REDIRECT = "http://127.0.0.1:9/back"


@pytest.fixture
def http() -> httpx.Client:
    return httpx.Client(timeout=5, trust_env=False)


def adapters(sandbox: Sandbox, http: httpx.Client) -> list[Platform]:
    found = []
    for channel in channels(sandbox, VERIFY_TOKEN):
        kind = PLATFORMS[channel.kind]
        found.append(kind(kind.Config(**channel.values), http))
    return found


def test_the_doctor_finds_every_account_sound_once_it_is_subscribed(
    sandbox: Sandbox, hub: Hub, http: httpx.Client, clock: Clock
) -> None:
    with http:
        for adapter in adapters(sandbox, http):
            adapter.subscribe(hub.url)
            assert {finding.state for finding in adapter.examine(hub.url, clock.now)} == {"ok"}, adapter.kind
            assert adapter.check()


def test_a_token_that_ended_is_refused_and_found(
    sandbox: Sandbox, hub: Hub, http: httpx.Client, clock: Clock
) -> None:
    with http:
        (facebook, *_) = adapters(sandbox, http)
        facebook.subscribe(hub.url)
        sandbox.end_token(sandbox.first("page"))
        with pytest.raises(DeliveryError) as error:
            facebook.check()
        assert error.value.outcome == "reauthorise"


def test_an_address_that_does_not_answer_the_challenge_is_not_kept(
    sandbox: Sandbox, hub: Hub, http: httpx.Client
) -> None:
    with http:
        for adapter in adapters(sandbox, http):
            with pytest.raises(DeliveryError):
                adapter.subscribe("http://127.0.0.1:9/nobody")
    assert sandbox.say("7001", "hi")
    assert sandbox.deliveries() == []


class Form(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "input":
            self.fields.append((found["name"] or "", found["value"] or ""))


def connector(sandbox: Sandbox, http: httpx.Client) -> FacebookConnector:
    app = sandbox.world.apps[0]
    values = {"graph_url": sandbox.base_url, "sign_in_url": sandbox.base_url, "verify_token": VERIFY_TOKEN}
    return FacebookConnector(FacebookApp(app_id=app.id, app_secret=app.secret, **values), http)


def signed_in(url: str, http: httpx.Client, answer: str, without: str = "") -> dict[str, str]:
    """What comes back in the address when the owner pressed a button on the sign-in page."""
    fields = [field for field in Form(http.get(url).text).fields if field[1] != without]
    data: dict[str, str | list[str]] = {name: value for name, value in fields if name != "scope"}
    data |= {"answer": answer, "scope": [value for name, value in fields if name == "scope"]}
    back = http.post(url, data=data)
    assert back.status_code == 303
    return dict(parse_qsl(urlsplit(back.headers["location"]).query))


def test_an_owner_signs_in_and_every_page_comes_with_its_token(
    sandbox: Sandbox, http: httpx.Client, clock: Clock
) -> None:
    with http:
        facebook = connector(sandbox, http)
        url = facebook.authorise_url("a-state", REDIRECT, "")
        back = signed_in(url, http, "yes")
        assert back["state"] == "a-state"
        granted = facebook.grant(back["code"], REDIRECT, "", clock.now)
        assert not granted.missing
        (page,) = granted.accounts
        assert page.values["page_token"] == sandbox.first("page").token
        with pytest.raises(DeliveryError):
            facebook.grant(back["code"], REDIRECT, "", clock.now)


def test_what_the_owner_left_out_is_named(sandbox: Sandbox, http: httpx.Client, clock: Clock) -> None:
    with http:
        facebook = connector(sandbox, http)
        url = facebook.authorise_url("a-state", REDIRECT, "")
        code = signed_in(url, http, "yes", without="pages_messaging")["code"]
        granted = facebook.grant(code, REDIRECT, "", clock.now)
        assert granted.missing == [f"pages_messaging ({SCOPES['pages_messaging']})"]
        assert signed_in(url, http, "no") == {
            "state": "a-state",
            "error": "access_denied",
            "error_reason": "user_denied",
        }


def test_a_dead_token_is_replaced_by_signing_in_again(
    sandbox: Sandbox, http: httpx.Client, clock: Clock
) -> None:
    with http:
        old = sandbox.first("page")
        sandbox.end_token(old)
        facebook = connector(sandbox, http)
        code = signed_in(facebook.authorise_url("s", REDIRECT, ""), http, "yes")["code"]
        (page,) = facebook.grant(code, REDIRECT, "", clock.now).accounts
        assert page.values["page_token"] not in ("", old.token)
        assert sandbox.first("page").token == page.values["page_token"]


def test_an_instagram_account_is_connected_again_by_signing_in(
    sandbox: Sandbox, http: httpx.Client, clock: Clock
) -> None:
    with http:
        app, old = sandbox.world.apps[0], sandbox.first("instagram")
        sandbox.end_token(old)
        url = sandbox.base_url
        values = {"graph_url": url, "token_url": url, "sign_in_url": url, "verify_token": VERIFY_TOKEN}
        secrets = {"instagram_app_secret": app.secret, "app_secret": app.secret}
        instagram = InstagramConnector(InstagramApp(instagram_app_id=app.id, **values, **secrets), http)
        code = signed_in(instagram.authorise_url("s", REDIRECT, ""), http, "yes")["code"]
        granted = instagram.grant(code, REDIRECT, "", clock.now)
        assert not granted.missing
        (account,) = granted.accounts
        assert (account.external_id, account.name) == (old.id, "@northwind.outfitters")
        kind = PLATFORMS["instagram"]
        assert kind(kind.Config(**account.values), http).check() == "northwind.outfitters"
        with pytest.raises(DeliveryError):
            instagram.grant(code, REDIRECT, "", clock.now)
