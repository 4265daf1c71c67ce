"""Read-back of the stand-in, against raw HTTP."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.sandbox.meta.fields import parse_fields
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.graph_errors import GraphError
from socialai.sandbox.meta.records import FIELDS

from .conftest import Clock

ADA = "7001"


def test_the_page_and_a_person_tell_who_they_are(sandbox: Sandbox, graph: httpx.Client) -> None:
    sandbox.say(ADA, "hi", name="Ada Byron King", locale="nb_NO")
    account = sandbox.account()
    assert graph.get("/me").json() == {"id": account.id, "name": "Northwind Outfitters"}
    assert graph.get(f"/{account.id}", params={"fields": "name"}).json() == {"name": "Northwind Outfitters"}
    profile = graph.get(f"/{ADA}", params={"fields": "first_name,last_name,locale,profile_pic"}).json()
    assert profile == {"first_name": "Ada", "last_name": "Byron King", "locale": "nb_NO"}
    assert graph.get(f"/{ADA}", params={"fields": "shoe_size"}).json()["error"]["code"] == 100
    assert graph.get("/31337").json()["error"]["error_subcode"] == 33


def test_a_conversation_reads_back_newest_first(sandbox: Sandbox, graph: httpx.Client, clock: Clock) -> None:
    asked = sandbox.say(ADA, "Do you ship to Norway?", name="Ada Byron")
    clock.forward(seconds=90)
    sent = graph.post("/me/messages", json={"recipient": {"id": ADA}, "message": {"text": "Ja!"}}).json()
    sandbox.say("7002", "somebody else")
    answer = graph.get(
        f"/{sandbox.account().id}/conversations",
        params={
            "platform": "messenger",
            "user_id": ADA,
            "fields": "participants,messages{id,message,created_time,from,to}",
        },
    ).json()
    (conversation,) = answer["data"]
    assert [each["id"] for each in conversation["participants"]["data"]] == [ADA, sandbox.account().id]
    ours, theirs = conversation["messages"]["data"]
    assert (ours["id"], ours["message"]) == (sent["message_id"], "Ja!")
    assert ours["created_time"] == "2026-11-20T12:01:30+0000"
    assert ours["from"]["id"] == sandbox.account().id
    assert ours["to"]["data"][0]["id"] == ADA
    assert (theirs["id"], theirs["message"]) == (asked, "Do you ship to Norway?")
    assert theirs["from"] == {"name": "Ada Byron", "email": f"{ADA}@facebook.com", "id": ADA}


def test_all_conversations_are_listed_by_their_newest_message(sandbox: Sandbox, graph: httpx.Client) -> None:
    for psid in ("1", "2", "3", "1"):
        sandbox.say(psid, "hi")
    listed = graph.get("/me/conversations", params={"platform": "messenger"}).json()["data"]
    assert [each["id"] for each in listed] == ["t_1", "t_3", "t_2"]
    assert graph.get("/me/conversations", params={"platform": "instagram"}).json() == {"data": []}


def test_following_next_reads_every_message_once_even_while_new_ones_come(
    sandbox: Sandbox, graph: httpx.Client
) -> None:
    wanted = [sandbox.say(ADA, f"message {number}") for number in range(7)]
    query = {"user_id": ADA, "fields": "messages.limit(3){id,message}"}
    edge = graph.get("/me/conversations", params=query).json()["data"][0]["messages"]
    seen = [each["id"] for each in edge["data"]]
    while "next" in edge["paging"]:
        sandbox.say(ADA, "one more")
        edge = httpx.get(edge["paging"]["next"]).json()
        assert all(each["message"] for each in edge["data"])
        seen += [each["id"] for each in edge["data"]]
    assert seen == wanted[::-1]


def test_a_message_and_its_attachments_can_be_read_alone(sandbox: Sandbox, graph: httpx.Client) -> None:
    picture = {"type": "image", "url": "https://cdn.example/zip.jpg"}
    reply = httpx.post(
        f"{sandbox.base_url}/_control/say", json={"psid": ADA, "attachments": [picture]}
    ).json()
    shown = graph.get(f"/{reply['message_id']}", params={"fields": "attachments,message"}).json()
    assert shown["attachments"]["data"][0]["image_data"]["url"] == picture["url"]
    assert shown["message"] == ""


def test_a_deleted_message_has_no_text_any_more(sandbox: Sandbox, graph: httpx.Client) -> None:
    said = sandbox.say(ADA, "oops")
    sandbox.say(ADA, delete="last")
    assert graph.get(f"/{said}", params={"fields": "message"}).json() == {"id": said, "message": ""}


def test_subscriptions_can_be_seen_set_and_taken_away(sandbox: Sandbox, graph: httpx.Client) -> None:
    (app,) = graph.get("/me/subscribed_apps").json()["data"]
    assert app["subscribed_fields"] == list(FIELDS["page"])
    assert graph.delete("/me/subscribed_apps").json() == {"success": True}
    assert graph.get("/me/subscribed_apps").json() == {"data": []}
    wanted = {"subscribed_fields": "messages,message_echoes"}
    assert graph.post("/me/subscribed_apps", params=wanted).json() == {"success": True}
    (app,) = graph.get("/me/subscribed_apps").json()["data"]
    assert app["subscribed_fields"] == ["messages", "message_echoes"]
    assert graph.post("/me/subscribed_apps", params={"subscribed_fields": "gossip"}).status_code == 400


def test_an_unknown_path_is_answered_in_the_graph_api_s_shape(graph: httpx.Client) -> None:
    answer = graph.get("/a/b/c/d")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 2500)


def test_fields_nest_and_carry_arguments() -> None:
    text = "id,messages.limit(5).after(12){id,from{name}}"
    parsed = parse_fields(text)
    assert [field.name for field in parsed] == ["id", "messages"]
    assert parsed[1].arguments == {"limit": "5", "after": "12"}
    assert ",".join(map(str, parsed)) == text


@pytest.mark.parametrize("text", ["id,,name", "messages{id", "}", "a b", "messages.limit(3", "{id}"])
def test_a_broken_fields_expression_is_refused(text: str) -> None:
    with pytest.raises(GraphError):
        parse_fields(text)


@given(st.text("ab.,{}() ", max_size=40))
def test_any_fields_expression_is_understood_or_refused(text: str) -> None:
    try:
        parsed = parse_fields(text)
    except GraphError:
        return
    assert parse_fields(",".join(map(str, parsed))) == parsed
