"""The language model over the API: chosen by who may, tried, and what it was sent."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from socialai.context import App
from tests import gguf
from tests.conftest import Wire

Api = Callable[..., Any]
CLOUD = {"kind": "endpoint", "url": "https://models.example.com/v1", "model": "small", "api_key": "sk-1"}
SAID = {"choices": [{"message": {"content": "Hello!"}, "finish_reason": "stop"}]}


def test_an_owner_chooses_an_endpoint_and_its_key_is_never_shown(api: Api, wire: Wire) -> None:
    wire.answer = lambda _: httpx.Response(200, json=SAID)
    assert api("olga", "GET", "/engine").json()["kind"] == "none"
    shown = api("olga", "PUT", "/engine", json=CLOUD).json()
    assert shown == {
        "kind": "endpoint", "file": "", "context": 0, "url": CLOUD["url"], "model": "small", "has_key": True
    }  # fmt: skip
    assert api("adam", "GET", "/engine").json() == shown
    assert api("adam", "POST", "/engine/test").json()["text"] == "Hello!"
    [call] = api("adam", "GET", "/engine/calls").json()["items"]
    assert (call["host"], call["outcome"]) == ("models.example.com", "written")


def test_an_admin_chooses_a_file_but_no_endpoint(api: Api, app: App) -> None:
    assert api("adam", "PUT", "/engine", json=CLOUD).status_code == 403
    app.settings.llm_dir.mkdir()
    gguf.make(app.settings.llm_dir / "tiny.gguf")
    chosen = api("adam", "PUT", "/engine", json={"kind": "local", "file": "tiny.gguf"})
    assert chosen.json()["file"] == "tiny.gguf"
    assert api("adam", "POST", "/engine/test").json()["ok"]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "local", "file": "absent.gguf"},
        {"kind": "local", "file": "../secret.key"},
        {"kind": "local", "file": "/etc/passwd"},
        {"kind": "local", "file": ".."},
        {"kind": "local"},
        {"kind": "endpoint", "url": "http://models.example.com", "model": "m"},
        {"kind": "endpoint", "url": "https://models.example.com"},
        {"kind": "none", "api_key": "sk-1"},
        {"kind": "all"},
    ],
)
def test_what_cannot_be_is_refused(api: Api, body: dict[str, str]) -> None:
    assert api("olga", "PUT", "/engine", json=body).status_code == 400
    assert api("olga", "GET", "/engine").json()["kind"] == "none"


def test_an_endpoint_that_fails_is_an_answer_and_no_fault(api: Api, wire: Wire) -> None:
    wire.answer = lambda _: httpx.Response(404)
    api("olga", "PUT", "/engine", json=CLOUD)
    tried = api("olga", "POST", "/engine/test").json()
    assert not tried["ok"]
    assert "no such address" in tried["error"]


def test_without_a_choice_there_is_nothing_to_try(api: Api) -> None:
    assert api("olga", "POST", "/engine/test").status_code == 409
