"""Coming in: tokens verified from outside, sign-in, set-up, CSRF, throttling."""

import re
import stat
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm

from socialai.context import App
from socialai.domain.user import User
from socialai.routes.sign_in import COOKIE
from socialai.security import accounts, set_up
from socialai.security.permissions import principal_of
from socialai.store import sessions, users
from tests import cast
from tests.routes.conftest import Client, Headers

OLGA = {"email": "olga@acme.example", "password": cast.PASSWORD}
FORM = {"business": "Café Ñandú", "name": "Nina", "email": "nina@nandu.example", "password": cast.PASSWORD}


def test_a_token_opens_the_api_until_it_is_taken_back(client: Client) -> None:
    answer = client.post("/api/v1/auth/token", json=OLGA)
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("bearer", 3600)
    assert answer.headers["cache-control"] == "no-store"
    headers = {"authorization": f"Bearer {token['access_token']}"}
    assert client.get("/api/v1/me", headers=headers).json()["name"] == "olga"
    assert client.post("/api/v1/auth/revoke", headers=headers).status_code == 204
    refused = client.get("/api/v1/me", headers=headers)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_anyone_can_verify_a_token_with_the_published_keys(client: Client) -> None:
    text = client.post("/api/v1/auth/token", json=OLGA).json()["access_token"]
    keys = {key["kid"]: key for key in client.get("/.well-known/jwks.json").json()["keys"]}
    header = jwt.get_unverified_header(text)
    public: Any = RSAAlgorithm.from_jwk(keys[header["kid"]])
    claims = jwt.decode(
        text,
        public,
        algorithms=["RS256"],
        audience="socialai-hub/api",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert header["alg"] == "RS256"
    assert (claims["sub"], claims["tenant_id"], claims["roles"]) == ("1", "acme", ["owner"])
    assert "conversations:read" in claims["permissions"]
    assert {"iat", "exp", "jti"} <= claims.keys()
    assert "d" not in keys[header["kid"]]


def test_wrong_passwords_are_throttled_with_the_time_to_wait(client: Client, clock: cast.Clock) -> None:
    wrong = OLGA | {"password": "something else 1"}
    for _ in range(5):
        assert client.post("/api/v1/auth/token", json=wrong).status_code == 401
    late = client.post("/api/v1/auth/token", json=OLGA)
    assert (late.status_code, late.json()["type"]) == (429, "urn:socialai:too-many-tries")
    clock.wait(seconds=int(late.headers["retry-after"]))
    assert client.post("/api/v1/auth/token", json=OLGA).status_code == 200


def test_the_sign_in_form_opens_a_session_and_leads_on(client: Client) -> None:
    answer = client.post("/login", data=OLGA | {"next": "/inbox?view=mine"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?view=mine")
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie
    assert client.get("/api/v1/me").json()["email"] == OLGA["email"]


def test_the_cookie_is_secure_over_https(client: Client) -> None:
    answer = client.post("https://testserver.local/login", data=OLGA, follow_redirects=False)
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "where", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\nb"]
)
def test_the_sign_in_leads_nowhere_else(client: Client, where: str) -> None:
    answer = client.post("/login", data=OLGA | {"next": where}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_a_wrong_password_keeps_the_form_filled(client: Client) -> None:
    answer = client.post("/login", data=OLGA | {"password": "wrong wrong wrong", "next": "/leads"})
    assert answer.status_code == 401
    assert OLGA["email"] in answer.text
    assert "/leads" in answer.text
    assert "wrong wrong" not in answer.text
    assert COOKIE not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("path", ["/login", "/setup", "/api/v1/auth/token"])
def test_nobody_unknown_makes_the_hub_read_much(client: Client, path: str) -> None:
    assert client.post(path, content=b"a&" * 50_000).status_code == 413


def test_forms_of_other_sites_are_refused(client: Client) -> None:
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert client.post("/login", data=OLGA, headers=headers).status_code == 403
    ours = {"origin": "http://testserver.local"}
    assert client.post("/login", data=OLGA, headers=ours, follow_redirects=False).status_code == 303


def test_signing_out_ends_the_session(client: Client, browser: Callable[[str], Headers]) -> None:
    headers = browser("olga")
    out = client.post("/logout", headers=headers, follow_redirects=False)
    assert (out.status_code, out.headers["location"]) == (303, "/login")
    assert client.get("/api/v1/me", headers=headers | {"accept": "*/*"}).status_code == 401


def test_a_session_changes_nothing_without_its_proof(
    client: Client, browser: Callable[[str], Headers]
) -> None:
    headers, others = browser("olga"), browser("adam")
    without = {"cookie": headers["cookie"]}
    refused = [
        without,
        without | {"x-csrf-token": "x" * 64},
        without | {"x-csrf-token": others["x-csrf-token"]},
        headers | {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    ]
    for given in refused:
        assert client.post("/api/v1/conversations/1/take-over", headers=given).status_code == 403
    assert client.get("/api/v1/conversations", headers=without).status_code == 200
    assert client.post("/api/v1/conversations/1/take-over", headers=headers).status_code == 200


def test_a_form_may_carry_the_proof_as_a_field(client: Client, browser: Callable[[str], Headers]) -> None:
    headers = browser("olga")
    proof = headers.pop("x-csrf-token")
    assert client.post("/logout", headers=headers, data={"_csrf": "no"}).status_code == 403
    answer = client.post("/logout", headers=headers, data={"_csrf": proof}, follow_redirects=False)
    assert answer.status_code == 303


def test_a_token_needs_no_proof(api: Callable[..., Any]) -> None:
    assert api("olga", "POST", "/conversations/1/take-over").status_code == 200


def test_a_used_session_lives_longer_and_an_unused_one_ends(
    client: Client, browser: Callable[[str], Headers], clock: cast.Clock
) -> None:
    headers = browser("olga")
    clock.wait(hours=20)
    assert COOKIE in client.get("/api/v1/me", headers=headers).headers["set-cookie"]
    assert "set-cookie" not in client.get("/api/v1/me", headers=headers).headers
    clock.wait(hours=20)
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    clock.wait(days=15)
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_disabled_user_is_out_at_once(
    app: App,
    client: Client,
    browser: Callable[[str], Headers],
    bearer: Callable[[str], Headers],
    person: Callable[[str], User],
) -> None:
    session, token = browser("vera"), bearer("vera")
    accounts.disable(app.gate, principal_of(person("olga")), person("vera").id)
    for headers in (session, token):
        assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_the_first_run_makes_tenant_owner_and_session(empty_app: App, empty_client: Client) -> None:
    token = set_up.new_token(empty_app.settings.data_dir, empty_app.clock())
    assert stat.S_IMODE((empty_app.settings.data_dir / "setup.token").stat().st_mode) == 0o600
    assert empty_client.get("/login", follow_redirects=False).headers["location"] == "/setup"
    assert token in empty_client.get(f"/setup?token={token}").text
    done = empty_client.post("/setup", data=FORM | {"token": token}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    me = empty_client.get("/api/v1/me").json()
    assert (me["tenant_id"], me["role"]) == ("cafe-nandu", "owner")
    assert empty_client.get("/api/v1/conversations").json() == {"items": [], "next": None}
    assert not (empty_app.settings.data_dir / "setup.token").exists()


def test_the_first_run_is_over_once_there_is_an_owner(app: App, client: Client) -> None:
    token = set_up.new_token(app.settings.data_dir, app.clock())
    assert client.get("/setup", follow_redirects=False).headers["location"] == "/login"
    again = client.post("/setup", data=FORM | {"token": token})
    assert again.status_code == 400
    assert "set up already" in again.text
    assert app.files.app.read(lambda db: users.find_credentials(db, FORM["email"])) is None


def test_a_set_up_link_holds_for_an_hour_and_until_the_next_one(
    empty_app: App, empty_client: Client, clock: cast.Clock
) -> None:
    data_dir = empty_app.settings.data_dir
    first, second = (set_up.new_token(data_dir, empty_app.clock()) for _ in range(2))
    refused = empty_client.get(f"/setup?token={first}")
    assert (refused.status_code, "token is wrong" in refused.text) == (403, True)
    assert empty_client.get(f"/setup?token={second}").status_code == 200
    assert second not in (data_dir / "setup.token").read_text()
    clock.wait(minutes=60)
    late = empty_client.post("/setup", data=FORM | {"token": second})
    assert (late.status_code, "older than an hour" in late.text) == (403, True)
    assert accounts.needs_set_up(empty_app.gate)


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"token": "guessed"}, 403, "token is wrong"),
        ({"token": ""}, 403, "token is wrong"),
        ({"token": "\u00e9"}, 403, "token is wrong"),
        ({"password": "short"}, 400, "at least 10"),
        ({"email": "nina"}, 400, "e-mail"),
        ({"name": ""}, 400, "name"),
        ({"business": ""}, 400, "name"),
    ],
)
def test_a_set_up_that_is_not_right_says_why_and_makes_nothing(
    empty_app: App, empty_client: Client, change: dict[str, str], status: int, says: str
) -> None:
    token = set_up.new_token(empty_app.settings.data_dir, empty_app.clock())
    answer = empty_client.post("/setup", data={**FORM, "token": token, **change})
    assert answer.status_code == status
    assert says in answer.text
    assert cast.PASSWORD not in answer.text
    assert accounts.needs_set_up(empty_app.gate)
    assert list(empty_app.settings.tenants_dir.iterdir()) == []


def test_no_secret_of_the_cast_is_ever_answered(client: Client, api: Callable[..., Any], app: App) -> None:
    token = app.files.app.write(lambda db: sessions.create(db, 1, app.clock(), 1.0))
    paths = ("/channels", "/channels/1", "/conversations/1", "/users", "/policy", "/events/1", "/me")
    text = " ".join(api("olga", "GET", path).text for path in paths)
    assert not [secret for secret in (*cast.SECRETS.values(), token) if secret in text]
    assert not re.search(r"argon2|password_hash|PRIVATE KEY", text)
