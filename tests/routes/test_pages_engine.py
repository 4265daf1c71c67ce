"""Settings, who writes: chosen by who may, warned, tried, and what was sent outside."""

from collections.abc import Callable

import httpx
import pytest

from socialai.context import App
from tests import gguf
from tests.conftest import Wire
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
PLACE = "/settings/engine"
CLOUD = {
    "kind": "endpoint",
    "url": "https://models.example.com/v1",
    "model": "small",
    "api_key": "sk-1",
    "understood": "on",
}
SAID = {"choices": [{"message": {"content": "Hello <b>there</b>!"}, "finish_reason": "stop"}]}


def test_an_owner_chooses_an_endpoint_tries_it_and_sees_what_was_sent(
    client: Client, browser: Browser, wire: Wire, app: App
) -> None:
    wire.answer = lambda _: httpx.Response(200, json=SAID)
    headers = browser("olga")
    saved = client.post(PLACE, headers=headers, data=CLOUD).text
    assert "Saved." in saved
    assert "sk-1" not in saved
    assert "Nothing was sent outside so far" in saved
    tried = client.post(f"{PLACE}/test", headers=headers).text
    assert "Hello &lt;b&gt;there" in tried
    shown = client.get(PLACE, headers=headers).text
    assert "models.example.com" in shown
    assert "Trying it out" in shown
    assert app.engines.api_key("acme") == "sk-1"


def test_the_key_is_kept_for_its_address_and_for_no_other(client: Client, browser: Browser, app: App) -> None:
    headers = browser("olga")
    client.post(PLACE, headers=headers, data=CLOUD)
    client.post(PLACE, headers=headers, data=CLOUD | {"api_key": "", "model": "large"})
    assert app.engines.api_key("acme") == "sk-1"
    client.post(PLACE, headers=headers, data=CLOUD | {"api_key": "", "url": "https://other.example.com/v1"})
    assert app.engines.api_key("acme") == ""


def test_an_admin_chooses_a_file_but_no_endpoint(client: Client, browser: Browser, app: App) -> None:
    headers = browser("adam")
    assert "There is no model file yet" in client.get(PLACE, headers=headers).text
    assert client.post(PLACE, headers=headers, data=CLOUD).status_code == 403
    app.settings.llm_dir.mkdir()
    gguf.make(app.settings.llm_dir / "tiny.gguf")
    saved = client.post(PLACE, headers=headers, data={"kind": "local", "file": "tiny.gguf", "context": "512"})
    assert "Saved." in saved.text
    assert "It wrote" in client.post(f"{PLACE}/test", headers=headers).text


@pytest.mark.parametrize(
    "typed",
    [
        CLOUD | {"url": "http://models.example.com"},
        CLOUD | {"model": ""},
        {name: value for name, value in CLOUD.items() if name != "understood"},
        {"kind": "local", "file": "../secret.key"},
        {"kind": "local"},
    ],
)
def test_what_cannot_be_is_refused_and_said(
    client: Client, browser: Browser, app: App, typed: dict[str, str]
) -> None:
    answer = client.post(PLACE, headers=browser("olga"), data=typed)
    assert answer.status_code == 400
    assert "Not saved" in answer.text
    assert app.engines.choice("acme").__class__.__name__ == "NoEngine"


def test_a_test_without_a_choice_says_so_and_agents_see_nothing(client: Client, browser: Browser) -> None:
    assert "No language model is chosen" in client.post(f"{PLACE}/test", headers=browser("adam")).text
    assert client.get(PLACE, headers=browser("anna")).status_code == 403


def test_the_cost_is_shown_with_every_step_and_with_other_numbers(
    client: Client, browser: Browser, app: App
) -> None:
    app.files.tenant("acme").write(lambda db: db.execute("update turn set tier = 'extractive'"))
    shown = client.get("/settings/cost", headers=browser("adam")).text
    assert "$18,000.00" in shown
    assert "$20,753.00" in shown
    assert "By what answered" in shown
    other = client.get("/settings/cost?tenants=1&watts=100&kilowatt_hour=0.25", headers=browser("adam")).text
    assert "$18.00" in other
    kept = client.post("/settings/cost", headers=browser("adam"), data={"tokens_in": "2.5", "watts": "80"})
    assert "Saved." in kept.text
    assert 'value="2.5"' in client.get("/settings/cost", headers=browser("adam")).text
    wrong = client.post("/settings/cost", headers=browser("adam"), data={"tokens_in": "-1"})
    assert wrong.status_code == 400
    assert client.get("/settings/cost?tenants=0", headers=browser("adam")).status_code == 400
    assert client.get("/settings/cost", headers=browser("anna")).status_code == 403
