"""Connecting by signing in at the platform: there, back, the choice; and what a stranger could try."""

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from socialai.context import App
from socialai.store import channels
from tests import cast
from tests.conftest import Wire
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
PAGES = [
    {"id": "3003", "name": "Acme Boots", "access_token": "EAAB-boots"},
    {"id": cast.PAGES["acme"], "name": "Acme", "access_token": "EAAB-newer"},
]
GRANTED = ["pages_show_list", "pages_messaging", "pages_manage_metadata"]


class Facebook:
    """The platform: hands out what was agreed to, and keeps what was asked."""

    def __init__(self) -> None:
        self.granted = list(GRANTED)
        self.codes: list[str] = []
        self.subscribed: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, request.url.params
        if path.endswith("/oauth/access_token"):
            return self._token(query)
        if path.endswith("/me/accounts"):
            assert request.headers["authorization"] == "Bearer long-lived"
            return httpx.Response(200, json={"data": PAGES})
        if path.endswith("/me/permissions"):
            given = [{"permission": name, "status": "granted"} for name in self.granted]
            return httpx.Response(200, json={"data": given})
        if path.endswith("/subscribed_apps"):
            self.subscribed.append(path.split("/")[-2])
            return httpx.Response(200, json={"success": True})
        return httpx.Response(200, json={"id": "1", "name": "Acme", "success": True})

    def _token(self, query: Any) -> httpx.Response:
        if "fb_exchange_token" in query:
            return httpx.Response(200, json={"access_token": "long-lived", "token_type": "bearer"})
        self.codes.append(query["code"])
        if query["code"] != "good":
            return httpx.Response(400, json={"error": {"code": 100, "message": "bad code"}})
        return httpx.Response(200, json={"access_token": "short"})


@pytest.fixture
def facebook(wire: Wire) -> Facebook:
    made = Facebook()
    wire.answer = made
    return made


@pytest.fixture
def begin(client: Client, browser: Browser) -> Callable[..., dict[str, str]]:
    """The query with which somebody is sent to Facebook."""

    def run(name: str = "adam") -> dict[str, str]:
        answer = client.post("/auth/social/facebook/init", headers=browser(name), follow_redirects=False)
        assert answer.status_code == 200
        url = urlsplit(answer.headers["refresh"].removeprefix("0; url="))
        assert escape(url.geturl()) in answer.text
        assert (url.netloc, url.path) == ("www.facebook.com", "/v26.0/dialog/oauth")
        return {key: values[0] for key, values in parse_qs(url.query).items()}

    return run


@pytest.fixture
def back(client: Client) -> Callable[..., str]:
    """Where the browser goes on after the platform has sent it; it need not be signed in at that address."""

    def run(headers: Headers | None = None, **query: str) -> str:
        client.cookies.clear()
        answer = client.get(
            "/auth/social/facebook/callback", params=query, headers=headers or {}, follow_redirects=False
        )
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    return run


def proof_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["proof"][0]


def path_of(url: str) -> str:
    return urlsplit(url).path


def all_channels(app: App) -> dict[str, str]:
    found = app.files.tenant("acme").read(channels.channels)
    return {channel.external_id: channel.name for channel in found}


def test_an_owner_signs_in_chooses_and_is_connected(
    app: App, client: Client, browser: Browser, facebook: Facebook, begin: Any, back: Any
) -> None:
    asked = begin()
    assert asked["redirect_uri"] == "http://testserver.local/auth/social/facebook/callback"
    assert "pages_messaging" in asked["scope"]
    url = back(state=asked["state"], code="good")
    page = client.get(url, headers=browser("adam"))
    assert "Acme Boots" in page.text
    assert "EAAB" not in page.text
    form = {"proof": proof_of(url), "account": "3003"}
    done = client.post(path_of(url), headers=browser("adam"), data=form, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/channels/2")
    assert all_channels(app)["3003"] == "Acme Boots"
    config = app.channels.adapter("acme", 2).config
    assert (config.page_token, config.app_secret) == ("EAAB-boots", cast.PLATFORM_APP["app_secret"])
    again = client.post(path_of(url), headers=browser("adam"), data=form, follow_redirects=False)
    assert again.status_code == 404


def test_connecting_the_same_account_again_keeps_its_history(
    app: App, client: Client, browser: Browser, facebook: Facebook, begin: Any, back: Any
) -> None:
    url = back(state=begin()["state"], code="good")
    assert "its history stays" in client.get(url, headers=browser("adam")).text
    form = {"proof": proof_of(url), "account": cast.PAGES["acme"]}
    client.post(path_of(url), headers=browser("adam"), data=form, follow_redirects=False)
    assert app.channels.adapter("acme", 1).config.page_token == "EAAB-newer"
    assert app.files.tenant("acme").read(lambda db: db.execute("select count(*) from message").fetchone()[0])


@pytest.mark.parametrize(
    "state", ["", "acme.nonsense", "nonsense", "nobody.x", "../etc.x", "acme." + "x" * 9000]
)
def test_a_state_that_is_not_ours_ends_at_the_start(back: Any, facebook: Facebook, state: str) -> None:
    assert back(state=state, code="good") == "/channels?refused=over"
    assert facebook.codes == []


def test_a_state_is_used_once(back: Any, begin: Any, facebook: Facebook) -> None:
    state = begin()["state"]
    back(state=state, code="good")
    assert back(state=state, code="good") == "/channels?refused=over"
    assert facebook.codes == ["good"]


def test_a_state_of_one_platform_is_none_of_another(client: Client, begin: Any, facebook: Facebook) -> None:
    query = {"state": begin()["state"], "code": "good"}
    answer = client.get("/auth/social/myspace/callback", params=query, follow_redirects=False)
    assert answer.headers["location"] == "/channels?refused=over"


def test_after_ten_minutes_it_is_over(clock: cast.Clock, back: Any, begin: Any, facebook: Facebook) -> None:
    state = begin()["state"]
    clock.wait(minutes=11)
    assert back(state=state, code="good") == "/channels?refused=over"


def test_another_person_cannot_end_what_one_began(
    client: Client, browser: Browser, back: Any, begin: Any, facebook: Facebook
) -> None:
    state = begin()["state"]
    assert back(browser("rita"), state=state, code="good") == "/channels?refused=over"
    url = back(state=begin()["state"], code="good")
    for name in ("olga", "rita"):
        assert client.get(url, headers=browser(name)).status_code == 404


def test_only_the_browser_that_came_back_has_the_proof(
    client: Client, browser: Browser, back: Any, begin: Any, facebook: Facebook
) -> None:
    """Who lures somebody else to the platform with a state of their own gets nothing of what comes back."""
    url = back(state=begin()["state"], code="good")
    for proof in ("", "guess"):
        asked = client.get(path_of(url), params={"proof": proof}, headers=browser("adam"))
        assert asked.status_code == 404


def test_who_does_not_agree_is_told_so(client: Client, browser: Browser, back: Any, begin: Any) -> None:
    url = back(state=begin()["state"], error="access_denied", error_description="<script>")
    assert url == "http://testserver.local/channels?platform=facebook&refused=denied"
    assert "You did not agree" in client.get(url, headers=browser("adam")).text


def test_a_code_that_the_platform_refuses_connects_nothing(
    app: App, client: Client, browser: Browser, facebook: Facebook, back: Any, begin: Any
) -> None:
    url = back(state=begin()["state"], code="bad")
    assert "did not complete the sign-in" in client.get(url, headers=browser("adam")).text
    assert back(state=begin()["state"]) == url
    assert len(all_channels(app)) == 1


def test_a_permission_that_was_not_given_is_named_and_nothing_is_connected(
    app: App, client: Client, browser: Browser, facebook: Facebook, back: Any, begin: Any
) -> None:
    facebook.granted.remove("pages_messaging")
    url = back(state=begin()["state"], code="good")
    assert "pages_messaging (to read and answer messages)" in client.get(url, headers=browser("adam")).text
    form = {"proof": proof_of(url), "account": "3003"}
    assert client.post(path_of(url), headers=browser("adam"), data=form).status_code == 400
    assert len(all_channels(app)) == 1


def test_agents_may_not_and_a_page_elsewhere_cannot(client: Client, browser: Browser) -> None:
    assert client.post("/auth/social/facebook/init", headers=browser("anna")).status_code == 403
    without = {name: value for name, value in browser("adam").items() if name != "x-csrf-token"}
    assert client.post("/auth/social/facebook/init", headers=without).status_code == 403


def test_a_program_gets_the_addresses(client: Client, bearer: Callable[[str], Headers]) -> None:
    told = client.post("/auth/social/facebook/init", headers=bearer("adam")).json()
    assert told["redirect_url"].endswith("/auth/social/facebook/callback")
    assert told["authorise_url"].startswith("https://www.facebook.com/")


def test_without_an_app_the_page_says_what_to_do(app: App, client: Client, browser: Browser) -> None:
    app.channels.apps.remove_own("acme", "facebook")
    assert "Enter your app" in client.get("/channels/new", headers=browser("adam")).text
    answer = client.post("/auth/social/facebook/init", headers=browser("adam"))
    assert "Enter its details first" in answer.text


def test_the_apps_details_are_sealed_changed_and_removed(app: App, client: Client, browser: Browser) -> None:
    page = client.get("/channels/apps/facebook", headers=browser("adam")).text
    assert "4711" in page
    assert cast.PLATFORM_APP["app_secret"] not in page
    change = {"app_id": "4712", "app_secret": "", "verify_token": ""}
    client.post("/channels/apps/facebook", headers=browser("adam"), data=change)
    own = app.channels.apps.own("acme", "facebook") or {}
    assert (own["app_id"], own["app_secret"]) == ("4712", cast.PLATFORM_APP["app_secret"])
    moved = {"app_id": "4712", "graph_url": "https://evil.example"}
    answer = client.post("/channels/apps/facebook", headers=browser("adam"), data=moved)
    assert "Enter the secrets again" in answer.text
    client.post("/channels/apps/facebook/remove", headers=browser("adam"))
    assert app.channels.apps.own("acme", "facebook") is None


def test_the_installations_app_serves_who_has_none(
    app: App, client: Client, browser: Browser, begin: Any
) -> None:
    app.channels.apps.remove_own("acme", "facebook")
    app.channels.apps.put_shared("facebook", {**cast.PLATFORM_APP, "app_id": "9999"})
    assert begin()["client_id"] == "9999"
