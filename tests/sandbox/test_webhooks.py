"""The webhooks of the stand-in, as a hub receives them."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialai.errors import InvalidInput, SettingsError
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import Attachment

from .conftest import VERIFY_TOKEN, Clock, Hub

ADA = "7001"
SECONDS = 10.0


def items(hub: Hub) -> list[dict[str, Any]]:
    found = []
    for body, _ in hub.received:
        (entry,) = json.loads(body)["entry"]
        found += entry.get("messaging", []) + entry.get("standby", [])
    return found


def told(sandbox: Sandbox, hub: Hub) -> list[dict[str, Any]]:
    assert sandbox.idle(SECONDS)
    return items(hub)


def test_the_hub_must_echo_the_challenge(sandbox: Sandbox, hub: Hub) -> None:
    with pytest.raises(SettingsError):
        sandbox.connect(hub.url, "a wrong token")
    refused = httpx.post(
        f"{sandbox.base_url}/_control/webhook", json={"url": "http://127.0.0.1:9/", "verify_token": "x"}
    )
    assert refused.status_code == 400
    wanted = {"url": hub.url, "verify_token": VERIFY_TOKEN}
    assert httpx.post(f"{sandbox.base_url}/_control/webhook", json=wanted).json() == {"success": True}


def test_a_body_is_signed_over_its_exact_escaped_bytes(connected: Sandbox, hub: Hub) -> None:
    connected.say(ADA, "Hvað kostar þetta? 🏔 1/2")
    told(connected, hub)
    ((body, headers),) = hub.received
    assert body.isascii()
    assert b"Hva\\u00f0" in body
    assert b"\\ud83c\\udfd4 1\\/2" in body
    key = connected.world.apps[0].secret.encode()
    assert headers["x-hub-signature-256"] == f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
    assert headers["x-hub-signature"] == f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}"
    assert headers["content-type"] == "application/json"


def test_a_message_arrives_in_messengers_shape(connected: Sandbox, hub: Hub, clock: Clock) -> None:
    said = connected.say(ADA, "hello, world!")
    told(connected, hub)
    page, at = connected.account().id, round(clock.now.timestamp() * 1000)
    item = {
        "sender": {"id": ADA},
        "recipient": {"id": page},
        "timestamp": at,
        "message": {"mid": said, "text": "hello, world!"},
    }
    whole = {"object": "page", "entry": [{"id": page, "time": at, "messaging": [item]}]}
    assert json.loads(hub.received[0][0]) == whole


def test_everything_a_person_can_do_has_its_event(connected: Sandbox, hub: Hub) -> None:
    picture = Attachment(type="image", url="https://cdn.example/tent.jpg")
    link = Attachment(type="fallback", url="https://shop.example/", title="A page")
    first = connected.say(ADA, "frist")
    connected.say(ADA, "first", edit="last")
    connected.say(ADA, react_to=first, reaction="❤")
    connected.say(ADA, react_to=first)
    connected.say(ADA, delete="last")
    connected.say(ADA, attachments=(picture, link))
    connected.say(ADA, attachments=(picture,), sticker_id=369239263222822)
    connected.say(ADA, "Opening hours", postback="HOURS")
    connected.say(ADA, "Yes", quick_reply="YES")
    connected.say(ADA, "to that", reply_to=first)
    connected.say(ADA, unsupported=True)
    connected.say(ADA, read=True)
    seen = told(connected, hub)
    assert seen[1]["message_edit"] == {"mid": first, "text": "first", "num_edit": "1"}
    assert seen[2]["reaction"] == {"mid": first, "action": "react", "emoji": "❤", "reaction": "love"}
    assert seen[3]["reaction"] == {"mid": first, "action": "unreact"}
    assert seen[4]["message"] == {"mid": first, "is_deleted": True}
    assert seen[5]["message"]["attachments"] == [
        {"type": "image", "payload": {"url": picture.url}},
        {"type": "fallback", "url": link.url, "title": "A page"},
    ]
    assert seen[6]["message"]["sticker_id"] == 369239263222822
    assert seen[7]["postback"]["payload"] == "HOURS"
    assert seen[7]["postback"]["title"] == "Opening hours"
    assert seen[8]["message"]["quick_reply"] == {"payload": "YES"}
    assert seen[9]["message"]["reply_to"] == {"mid": first}
    assert seen[10]["message"]["is_unsupported"] is True
    assert seen[11]["read"]["watermark"] == seen[11]["timestamp"]


def test_a_message_can_come_late_and_one_can_be_lost(connected: Sandbox, hub: Hub, clock: Clock) -> None:
    connected.say(ADA, "this morning", ago=3600)
    connected.say(ADA, "never told of", lost=True)
    (item,) = told(connected, hub)
    assert item["message"]["text"] == "this morning"
    assert item["timestamp"] == round(clock.now.timestamp() * 1000) - 3_600_000
    assert [each.text for each in connected.conversations()[0].messages] == ["this morning", "never told of"]


def test_a_standby_message_is_in_its_own_section(connected: Sandbox, hub: Hub) -> None:
    connected.say(ADA, "for the other app", standby=True)
    told(connected, hub)
    (entry,) = json.loads(hub.received[0][0])["entry"]
    assert "messaging" not in entry
    assert entry["standby"][0]["message"]["text"] == "for the other app"


def test_what_the_app_sends_is_echoed_then_delivered_then_read(
    connected: Sandbox, hub: Hub, graph: httpx.Client
) -> None:
    connected.say(ADA, "hi")
    message = {"text": "Hello", "metadata": "outbox-5"}
    sent = graph.post("/me/messages", json={"recipient": {"id": ADA}, "message": message}).json()[
        "message_id"
    ]
    _, echo, delivery, read = told(connected, hub)
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (connected.account().id, ADA)
    assert echo["message"] == {
        "mid": sent,
        "text": "Hello",
        "metadata": "outbox-5",
        "is_echo": True,
        "app_id": int(connected.world.apps[0].id),
    }
    assert delivery["delivery"] == {"mids": [sent], "watermark": echo["timestamp"]}
    assert "timestamp" not in delivery
    assert read["read"] == {"watermark": echo["timestamp"]}


def test_a_person_in_the_page_inbox_is_echoed_with_another_app(connected: Sandbox, hub: Hub) -> None:
    connected.say(ADA, "hi")
    body = {"psid": ADA, "text": "Maeve here, let me look."}
    reply = httpx.post(f"{connected.base_url}/_control/person-reply", json=body).json()
    echo = told(connected, hub)[1]["message"]
    assert (echo["mid"], echo["text"], echo["is_echo"]) == (reply["message_id"], body["text"], True)
    assert echo["app_id"] != int(connected.world.apps[0].id)
    assert "metadata" not in echo
    assert connected.sent() == []


def test_only_subscribed_fields_are_delivered(connected: Sandbox, hub: Hub, graph: httpx.Client) -> None:
    graph.post("/me/subscribed_apps", params={"subscribed_fields": "messages"})
    connected.say(ADA, "hi")
    connected.say(ADA, react_to="last", reaction="👍")
    connected.reply_as_person(ADA, "hello")
    assert [list(item)[-1] for item in told(connected, hub)] == ["message"]


def test_nothing_is_owed_before_the_hub_is_connected(sandbox: Sandbox, hub: Hub) -> None:
    sandbox.say(ADA, "too early")
    sandbox.connect(hub.url, VERIFY_TOKEN)
    sandbox.say(ADA, "in time")
    assert [item["message"]["text"] for item in told(sandbox, hub)] == ["in time"]


def test_a_refused_body_comes_again_byte_by_byte_and_keeps_its_place(connected: Sandbox, hub: Hub) -> None:
    hub.statuses[:] = [500, 503, 404]
    connected.say(ADA, "first")
    connected.say("7002", "second")
    told(connected, hub)
    bodies = [body for body, _ in hub.received]
    assert len(set(bodies[:4])) == 1
    assert [item["message"]["text"] for item in items(hub)] == ["first"] * 4 + ["second"]
    assert [each.attempts for each in connected.deliveries()] == [4, 1]


def test_a_hub_that_is_down_gets_everything_in_order_when_it_is_back(connected: Sandbox, hub: Hub) -> None:
    hub.stop()
    for number in range(5):
        connected.say(ADA, f"message {number}")
    assert connected.wait_until(lambda: connected.pending()[0].attempts >= 2, SECONDS)
    pending = httpx.get(f"{connected.base_url}/_control/pending").json()["pending"]
    assert len(pending) == 5
    assert pending[0]["problem"]
    assert pending[0]["event"]["object"] == "page"
    again = Hub(hub.port)
    try:
        connected.retry_now()
        seen = told(connected, again)
    finally:
        again.stop()
    assert [item["message"]["text"] for item in seen] == [f"message {number}" for number in range(5)]


def test_an_accepted_body_can_be_delivered_twice(connected: Sandbox, hub: Hub) -> None:
    connected.say(ADA, "once")
    told(connected, hub)
    connected.redeliver()
    told(connected, hub)
    first, second = (body for body, _ in hub.received)
    assert first == second


def test_waiting_for_what_does_not_come_ends(sandbox: Sandbox) -> None:
    assert sandbox.wait_until(lambda: bool(sandbox.sent()), 0.01) is False


def test_a_person_cannot_say_nothing_or_touch_what_is_not_there(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidInput):
        sandbox.say(ADA)
    with pytest.raises(InvalidInput):
        sandbox.say(ADA, "x", edit="m_nothing")
    assert sandbox.conversations() == []


def test_a_file_keeps_what_arrived_and_what_is_owed(tmp_path: Path, hub: Hub) -> None:
    file = tmp_path / "sandbox.db"
    hub.statuses[:] = [500]
    with Sandbox(database=file, retry_waits=(60.0,)) as first:
        first.connect(hub.url, VERIFY_TOKEN)
        first.say(ADA, "keep this")
        assert first.wait_until(lambda: first.deliveries()[0].attempts == 1, SECONDS)
    with Sandbox(database=file) as second:
        assert second.idle(SECONDS)
        assert second.conversations()[0].messages[0].text == "keep this"
    assert [item["message"]["text"] for item in items(hub)] == ["keep this"] * 2


def test_two_hundred_messages_arrive_in_order(connected: Sandbox, hub: Hub) -> None:
    for number in range(200):
        connected.say(str(9000 + number % 7), f"{number}")
    texts = [item["message"]["text"] for item in told(connected, hub)]
    assert texts == [str(number) for number in range(200)]
