"""Channels: the form drawn from the adapter, connecting, checking, the mode, the end."""

from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from socialai.context import App
from socialai.platforms.facebook import Facebook
from socialai.routes.pages import channel_form
from socialai.store import channels
from tests import cast
from tests.conftest import Wire
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
NEW = {"platform": "facebook", "page_id": "3003", **cast.SECRETS}


@pytest.fixture
def post(client: Client, browser: Browser) -> Callable[..., Any]:
    def send(path: str, data: dict[str, Any], name: str = "adam", **headers: str) -> Any:
        return client.post(path, headers=browser(name) | headers, data=data, follow_redirects=False)

    return send


@pytest.fixture
def all_channels(app: App) -> Callable[[], list[Any]]:
    return lambda: app.files.tenant("acme").read(channels.channels)


def _refuse(wire: Wire) -> None:
    error = {"error": {"message": "Error validating access token", "type": "OAuthException", "code": 190}}
    wire.answer = lambda _: httpx.Response(401, json=error)


def test_the_form_has_every_field_of_the_adapter_in_its_words(client: Client, browser: Browser) -> None:
    text = client.get("/channels/new", headers=browser("adam")).text
    for field in channel_form.fields(Facebook.Config, {}, {}):
        assert f'name="{field.name}"' in text
        assert field.title in text
    assert 'type="password"' in text
    assert "/webhooks/facebook/acme" in text


def test_an_account_is_asked_for_its_name_and_kept(
    post: Callable[..., Any], all_channels: Callable[[], list[Any]]
) -> None:
    answer = post("/channels", NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/channels/2")
    assert [channel.name for channel in all_channels()] == ["Acme on Facebook", "Acme on Facebook"]


def test_what_is_missing_is_said_beside_its_field(
    post: Callable[..., Any], all_channels: Callable[[], list[Any]]
) -> None:
    answer = post("/channels", {**NEW, "page_token": " ", "app_id": "99"})
    assert answer.status_code == 400
    assert "Page access token is needed." in answer.text
    assert 'value="99"' in answer.text
    assert len(all_channels()) == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("page_id", "a/b", "The Page ID is a number"),
        ("graph_url", "http://example.com", "must begin with https"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    post: Callable[..., Any], field: str, value: str, said: str
) -> None:
    text = post("/channels", {**NEW, field: value}).text
    about = text[text.index(f'id="field-{field}"') :]
    assert said in about[: about.index("</div>\n</div>")]


def test_a_refused_token_is_not_kept_unless_asked(
    post: Callable[..., Any], wire: Wire, all_channels: Callable[[], list[Any]]
) -> None:
    _refuse(wire)
    assert post("/channels", NEW).status_code == 400
    assert len(all_channels()) == 1
    assert post("/channels", {**NEW, "unchecked": "on"}).status_code == 303
    assert all_channels()[1].name == "3003"


def test_secrets_are_never_shown_again(client: Client, browser: Browser) -> None:
    text = client.get("/channels/1", headers=browser("olga")).text
    assert not any(secret in text for secret in cast.SECRETS.values())


def test_the_mode_and_its_intents_are_set(
    post: Callable[..., Any], all_channels: Callable[[], list[Any]]
) -> None:
    text = post(
        "/channels/1/mode", {"mode": "auto", "intent": ["sales", "nonsense"]}, **{"hx-request": "true"}
    ).text
    assert "Saved" in text
    assert (all_channels()[0].mode, all_channels()[0].auto_intents) == ("auto", ("sales",))
    post("/channels/1/mode", {"mode": "draft"})
    assert (all_channels()[0].mode, all_channels()[0].auto_intents) == ("draft", ())


def test_checking_tells_the_name_or_why_not(
    post: Callable[..., Any], wire: Wire, client: Client, browser: Browser
) -> None:
    assert "Acme on Facebook" in post("/channels/1/check", {}, **{"hx-request": "true"}).text
    _refuse(wire)
    assert "field-error" in post("/channels/1/check", {}, **{"hx-request": "true"}).text
    for path in ("/inbox", "/knowledge", "/status"):
        assert "is disconnected" in client.get(path, headers=browser("vera")).text


def test_connecting_again_keeps_secrets_that_are_left_empty(
    post: Callable[..., Any], app: App, all_channels: Callable[[], list[Any]]
) -> None:
    data = {"page_id": "1001", "page_token": "EAAB-newer", "name": "Shop"}
    assert post("/channels/1/reconnect", data).status_code == 303
    config = msgspec.to_builtins(app.channels.adapter("acme", 1).config)
    assert (config["page_token"], config["app_secret"]) == ("EAAB-newer", cast.SECRETS["app_secret"])
    assert all_channels()[0].name == "Shop"


def test_kept_secrets_are_not_sent_to_another_address(post: Callable[..., Any], wire: Wire, app: App) -> None:
    data = {"page_id": "1001", "graph_url": "https://evil.example"}
    answer = post("/channels/1/reconnect", data)
    assert answer.status_code == 400
    assert "Enter the secrets again" in answer.text
    assert wire.requests == []
    assert app.channels.adapter("acme", 1).config.graph_url == "https://graph.facebook.com"
    assert post("/channels/1/reconnect", data | cast.SECRETS).status_code == 303


def test_another_account_is_not_the_same_channel(post: Callable[..., Any]) -> None:
    answer = post("/channels/1/reconnect", {"page_id": "3003"})
    assert answer.status_code == 400
    assert "This is another account" in answer.text


def test_disconnecting_needs_the_name(
    post: Callable[..., Any], all_channels: Callable[[], list[Any]]
) -> None:
    refused = post("/channels/1/disconnect", {"typed": "acme"})
    assert refused.status_code == 400
    assert "Type the name exactly" in refused.text
    assert post("/channels/1/disconnect", {"typed": "Acme on Facebook"}).status_code == 303
    assert all_channels() == []


def test_agents_look_and_do_not_touch(post: Callable[..., Any], client: Client, browser: Browser) -> None:
    for path in ("/channels", "/channels/1/mode", "/channels/1/check", "/channels/1/disconnect"):
        assert post(path, NEW, "anna").status_code == 403
    assert "Disconnect for good" not in client.get("/channels/1", headers=browser("anna")).text
