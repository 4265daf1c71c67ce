"""The second factor in the browser: from the offer to the sign-in that asks for its code, and off again."""

import re
from collections.abc import Callable

import pyotp

from socialai.context import App
from tests import cast
from tests.routes.conftest import Client, Headers

OLGA = {"email": "olga@acme.example", "password": cast.PASSWORD}
PAGE = "/team/second-factor"


def code(app: App, client: Client, headers: Headers) -> str:
    secret = re.search(r"second-factor-secret\">(\w+)<", client.get(PAGE, headers=headers).text)
    assert secret
    return pyotp.TOTP(secret[1]).at(app.clock())


def half(client: Client) -> str:
    asked = client.post("/login", data=OLGA | {"next": "/contacts"})
    assert "Your code" in asked.text
    assert "set-cookie" not in asked.headers
    found = re.search(r'name="half" value="([^"]+)"', asked.text)
    assert found
    return found[1]


def test_from_the_offer_to_the_sign_in_and_off_again(
    app: App, client: Client, browser: Callable[[str], Headers], clock: cast.Clock
) -> None:
    headers = browser("olga")
    wrong = client.post(PAGE, headers=headers, data={"code": "000000"})
    assert (wrong.status_code, "This code is wrong" in wrong.text) == (400, True)
    on = client.post(PAGE, headers=headers, data={"code": code(app, client, headers)})
    codes = re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", on.text)
    assert len(codes) == 10
    assert codes[0] not in client.get(PAGE, headers=headers).text
    assert client.post(f"{PAGE}/anew", headers=headers).status_code == 400
    given = {"half": half(client), "code": "123", "next": "/contacts"}
    refused = client.post("/login/code", data=given)
    assert (refused.status_code, given["half"] in refused.text) == (401, True)
    entered = client.post("/login/code", data=given | {"code": codes[0]}, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/contacts")
    assert client.get("/api/v1/me").json()["email"] == OLGA["email"]
    client.cookies.clear()
    over = client.post("/login/code", data=given | {"code": codes[1]})
    assert (over.status_code, "Give your password again" in over.text) == (401, True)
    assert "9 recovery codes are left" in client.get(PAGE, headers=headers).text
    off = client.post(f"{PAGE}/off", headers=headers, data={"code": codes[2]}, follow_redirects=False)
    assert off.status_code == 303
    assert client.post("/login", data=OLGA, follow_redirects=False).status_code == 303


def test_an_owner_switches_off_what_somebody_of_the_team_lost(
    app: App, client: Client, browser: Callable[[str], Headers]
) -> None:
    anna, olga = browser("anna"), browser("olga")
    client.post(PAGE, headers=anna, data={"code": code(app, client, anna)})
    team = client.get("/team", headers=olga).text
    where = re.search(r"/team/\d+/second-factor/off", team)
    assert where
    assert "signs in with the password alone" in client.post(where[0], headers=olga).text
    assert where[0] not in client.get("/team", headers=olga).text
