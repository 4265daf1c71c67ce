"""POST /messages of the stand-in, against raw HTTP."""

import hashlib
import hmac
from typing import Any

import httpx
import pytest

from socialai.sandbox.meta.graph import Sandbox

from .conftest import Clock

ADA = "7001"


def send(graph: httpx.Client, text: str = "Hello Ada", to: str = ADA, **more: Any) -> httpx.Response:
    message = {"text": text, "metadata": more.pop("metadata", None)}
    body = {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": message, **more}
    return graph.post("/me/messages", json=body)


def error_of(answer: httpx.Response) -> tuple[int, int | None]:
    assert answer.status_code >= 400
    error = answer.json()["error"]
    assert error["message"]
    assert error["fbtrace_id"]
    return error["code"], error.get("error_subcode")


def test_a_message_is_kept_with_its_metadata_and_gets_an_id(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi", name="Ada Byron")
    answer = send(graph, metadata="outbox-17")
    (kept,) = sandbox.sent(ADA)
    assert answer.json() == {"recipient_id": ADA, "message_id": kept.id}
    assert (kept.text, kept.metadata, kept.author) == ("Hello Ada", "outbox-17", "app")


def test_the_same_metadata_twice_is_counted(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi")
    for key in ("outbox-1", "outbox-2", "outbox-2"):
        send(graph, metadata=key)
    assert sandbox.duplicates() == {"outbox-2": 2}
    control = httpx.get(f"{sandbox.base_url}/_control/conversations").json()
    assert control["duplicates"] == {"outbox-2": 2}
    assert [each["author"] for each in control["conversations"][0]["messages"]] == ["person", *["app"] * 3]


def test_a_token_may_come_in_the_query_or_the_body(sandbox: Sandbox) -> None:
    sandbox.say(ADA, "hi")
    account = sandbox.account()
    url = f"{sandbox.base_url}/v26.0/{account.id}/messages"
    body = {"recipient": {"id": int(ADA)}, "message": {"text": "x"}}
    assert httpx.post(url, json=body, params={"access_token": account.token}).status_code == 200
    assert httpx.post(url, json={**body, "access_token": account.token}).status_code == 200
    assert error_of(httpx.post(url, json=body)) == (2500, None)
    assert error_of(httpx.post(url, json=body, params={"access_token": "wrong"})) == (190, None)


def test_a_given_appsecret_proof_must_be_right(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi")
    token, secret = sandbox.account().token, sandbox.world.apps[0].secret
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    body = {"recipient": {"id": ADA}, "message": {"text": "x"}}
    assert graph.post("/me/messages", json=body, params={"appsecret_proof": proof}).status_code == 200
    in_body = {**body, "appsecret_proof": "0" * 64}
    assert error_of(graph.post("/me/messages", json=in_body)) == (100, None)
    assert graph.post("/me/messages", json={**body, "appsecret_proof": proof}).status_code == 200
    assert error_of(graph.post("/me/messages", json=body, params={"appsecret_proof": "0" * 64})) == (
        100,
        None,
    )


def test_another_page_is_out_of_the_tokens_reach(graph: httpx.Client) -> None:
    answer = graph.post("/999/messages", json={"recipient": {"id": ADA}, "message": {"text": "x"}})
    assert error_of(answer) == (100, 33)


@pytest.mark.parametrize(
    "body",
    [
        {"recipient": {"id": ADA}},
        {"recipient": {"id": ADA}, "message": {"text": ""}},
        {"recipient": {"id": ADA}, "message": {"text": "x" * 2001}},
        {"recipient": {"id": ADA}, "message": {"text": "x", "metadata": "y" * 1001}},
        {"recipient": {"id": ADA}, "message": {"text": "x"}, "messaging_type": "HELLO"},
        {"recipient": {"id": ADA}, "message": {"text": "x"}, "messaging_type": "MESSAGE_TAG"},
        {
            "recipient": {"id": ADA},
            "message": {"text": "x"},
            "messaging_type": "MESSAGE_TAG",
            "tag": "POST_PURCHASE_UPDATE",
        },
        {"recipient": {"id": ADA}, "sender_action": "dance"},
        {"message": {"text": "x"}},
        [],
    ],
)
def test_a_bad_parameter_is_error_100(sandbox: Sandbox, graph: httpx.Client, body: object) -> None:
    sandbox.say(ADA, "hi")
    assert error_of(graph.post("/me/messages", json=body)) == (100, None)
    assert sandbox.sent() == []


def test_two_thousand_characters_fit(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi")
    assert send(graph, "å" * 2000).status_code == 200


def test_nobody_can_be_written_to_who_does_not_exist(graph: httpx.Client) -> None:
    assert error_of(send(graph, to="1")) == (100, 2018001)


def test_somebody_who_blocked_the_page_is_unavailable(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi")
    sandbox.say(ADA, blocks=True)
    assert error_of(send(graph)) == (551, 1545041)
    sandbox.say(ADA, blocks=False)
    assert send(graph).status_code == 200


def test_the_window_closes_after_24_hours_and_for_people_after_seven_days(
    sandbox: Sandbox, graph: httpx.Client, clock: Clock
) -> None:
    human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    sandbox.say(ADA, "hi")
    clock.forward(hours=24)
    assert send(graph).status_code == 200
    clock.forward(seconds=1)
    assert error_of(send(graph)) == (10, 2018278)
    assert send(graph, **human).status_code == 200
    clock.forward(days=6)
    assert error_of(send(graph, **human)) == (10, 2018278)
    sandbox.say(ADA, "still there?")
    assert send(graph).status_code == 200


def test_typing_is_noted_and_is_no_message(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi")
    answer = graph.post("/me/messages", json={"recipient": {"id": ADA}, "sender_action": "typing_on"})
    assert answer.json() == {"recipient_id": ADA}
    (conversation,) = sandbox.conversations()
    assert conversation.actions == ("typing_on",)
    assert sandbox.sent() == []


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("rate_limit", 400, (613, None)),
        ("server_error", 500, (2, None)),
        ("expired_token", 400, (190, 463)),
        ("temporary_block", 400, (368, 1390008)),
    ],
)
def test_an_asked_for_failure_happens_once_and_keeps_nothing(
    sandbox: Sandbox, graph: httpx.Client, kind: Any, status: int, error: tuple[int, int | None]
) -> None:
    sandbox.say(ADA, "hi")
    sandbox.fail(kind)
    failed = send(graph)
    assert (failed.status_code, error_of(failed)) == (status, error)
    assert sandbox.sent() == []
    assert send(graph).status_code == 200


def test_a_rate_limit_says_when_to_come_back(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi")
    sandbox.fail("rate_limit")
    assert "estimated_time_to_regain_access" in send(graph).headers["x-business-use-case-usage"]


@pytest.mark.parametrize(
    ("kind", "arrived"), [("timeout_after_accepting", 1), ("timeout_before_accepting", 0)]
)
def test_a_time_out_holds_the_answer_until_the_client_gives_up(
    sandbox: Sandbox, graph: httpx.Client, kind: Any, arrived: int
) -> None:
    sandbox.say(ADA, "hi")
    sandbox.fail(kind)
    graph.timeout = 0.2
    with pytest.raises(httpx.ReadTimeout):
        send(graph)
    assert len(sandbox.sent()) == arrived


def test_a_held_answer_does_not_keep_the_sandbox_from_stopping() -> None:
    with Sandbox(hold_for=60) as sandbox:
        sandbox.say(ADA, "hi")
        sandbox.fail("timeout_after_accepting")
        body = {"recipient": {"id": ADA}, "message": {"text": "x"}, "access_token": sandbox.account().token}
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{sandbox.base_url}/v26.0/me/messages", json=body, timeout=0.1)


def test_a_broken_connection_says_nothing_and_keeps_nothing(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi")
    sandbox.fail("broken_connection")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        send(graph)
    assert sandbox.sent() == []
    assert send(graph).status_code == 200


def test_failures_can_be_told_over_http_with_times_probability_and_seed(
    sandbox: Sandbox, graph: httpx.Client
) -> None:
    sandbox.say(ADA, "hi")
    control = f"{sandbox.base_url}/_control/failures"
    assert httpx.post(control, json=[{"kind": "server_error", "times": 2}]).json() == {"added": 1}
    assert [send(graph).status_code for _ in range(3)] == [500, 500, 200]
    likely = [{"kind": "server_error", "probability": 0.5, "seed": 4}]
    runs = []
    for _ in range(2):
        httpx.post(control, json=likely)
        runs.append([send(graph).status_code for _ in range(20)])
        httpx.delete(control)
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}
    assert send(graph).status_code == 200
    assert httpx.post(control, json=[{"kind": "earthquake"}]).status_code == 400


def test_a_failure_of_sending_leaves_typing_and_reading_alone(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi")
    sandbox.fail("server_error")
    sandbox.fail("expired_token", on="read")
    typing = {"recipient": {"id": ADA}, "sender_action": "typing_on"}
    assert graph.post("/me/messages", json=typing).status_code == 200
    assert error_of(graph.get("/me")) == (190, 463)
    assert error_of(send(graph)) == (2, None)
