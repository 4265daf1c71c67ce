"""Every request we make of Telegram, held against a specification made from its documents."""

import httpx
import pytest

from socialai.domain.happening import Attachment
from tests.platforms.openapi import SPECS, Spec
from tests.platforms.telegram.sample import ANNA, BEN, GROUP, NOW, adapter, ok, outgoing, sent
from tests.platforms.wire import Wire

FILE = SPECS / "telegram" / "openapi-ark0f.json"
NEWER = {"direct_messages_topic_id"}
"""Arguments that the Bot API has got since (9.2), and the specification of 8.1 does not have."""

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"Telegram's specification is not at {FILE}")


@pytest.fixture(scope="module")
def spec() -> Spec:
    return Spec(FILE)


def checked(spec: Spec, wire: Wire) -> list[str]:
    """The methods, each asked for as the specification wants it, with arguments that it has."""
    return [_check(spec, request) for request in wire.requests]


def _check(spec: Spec, request: httpx.Request) -> str:
    method = request.extensions["target"].decode().rpartition("/")[2]
    plain = httpx.Request(request.method, f"https://api.telegram.org/{method}", content=request.content)
    assert spec.arguments(f"/{method}") >= set(httpx.Response(200, content=request.content).json()) - NEWER
    return spec.check_request(plain).removeprefix("/")


def test_everything_that_is_said(spec: Spec) -> None:
    wire = Wire(*(sent() for _ in range(5)))
    for said in (
        outgoing(),
        outgoing(contact=BEN, thread=f"{GROUP}/44", answers=f"{GROUP}/7"),
        outgoing(contact=f"{BEN}@bc", answers=f"{BEN}@/7"),
        outgoing(contact=f"-1005566/{BEN}"),
        outgoing(text="🏔" * 2048),
    ):
        adapter(wire).send(said, NOW)
    assert checked(spec, wire) == ["sendMessage"] * 5


def test_everything_that_is_done(spec: Spec) -> None:
    wire = Wire(ok(), ok(), sent(), ok({}), ok(), ok({"file_path": "a"}))
    telegram = adapter(wire)
    telegram.typing(outgoing())
    telegram.send(outgoing(answers=f"{ANNA}/7/q"), NOW)
    telegram.moderate("edit", f"{ANNA}/7", "Text")
    telegram.moderate("delete", f"{ANNA}/7", "")
    telegram.locate(Attachment("image", ref="x"))
    assert checked(spec, wire) == [
        "sendChatAction",
        "answerCallbackQuery",
        "sendMessage",
        "editMessageText",
        "deleteMessage",
        "getFile",
    ]


def test_everything_that_is_asked(spec: Spec) -> None:
    wire = Wire(ok({"id": 1}), ok([]), ok(), ok({}), ok({"id": 1}))
    telegram = adapter(wire)
    telegram.check()
    telegram.poll("8", NOW)
    telegram.subscribe("https://hub.example.com/webhooks/telegram/acme")
    telegram.examine("", NOW)
    assert checked(spec, wire) == ["getMe", "getUpdates", "setWebhook", "getWebhookInfo", "getMe"]


def test_the_check_of_requests_can_fail(spec: Spec) -> None:
    with pytest.raises(ValueError, match="required"):
        spec.check_request(httpx.Request("POST", "https://api.telegram.org/sendMessage", json={"text": "x"}))
