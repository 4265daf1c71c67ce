"""A tenant teaches its own intents over the API."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.context import App
from socialai.store import custom_intents
from tests import cast
from tests.inference.test_intents import EXAMPLES

Api = Callable[..., Any]
NAMES = {1: "Hiring", 2: "Rental", 3: "Trade"}


def teach(api: Api) -> dict[str, int]:
    made = {}
    for label, texts in EXAMPLES.items():
        answer = api("olga", "POST", "/intents", json={"name": NAMES[label], "examples": texts})
        assert answer.status_code == 201, answer.text
        made[NAMES[label]] = answer.json()["id"]
    return made


def test_taught_trained_and_tried_out(api: Api) -> None:
    ids = teach(api)
    report = api("olga", "POST", "/intents/train").json()
    assert (report["intents"], report["examples"]) == (3, 18)
    assert report["waiting"] == ["Wholesale 1001"]  # the cast's has four examples only
    assert report["accuracy"] > 0.6
    assert report["seconds"] > 0
    assert {score["name"] for score in report["scores"]} >= set(NAMES.values())
    assert api("vera", "GET", "/intents/report").json() == report
    tried = api(
        "vera", "POST", "/intents/preview", json={"texts": ["are you hiring?", "my parcel is broken"]}
    )
    first, second = tried.json()["items"]
    assert (first["intent"]["name"], first["intent"]["id"]) == ("Hiring", ids["Hiring"])
    assert second["intent"] is None


def test_before_any_training_nothing_is_known(api: Api) -> None:
    assert api("olga", "GET", "/intents/report").json() is None
    assert (
        api("olga", "POST", "/intents/preview", json={"texts": ["hi"]}).json()["items"][0]["intent"] is None
    )


def test_a_new_intent_is_learnt_by_itself_a_moment_later(api: Api, app: App) -> None:
    teach(api)
    app.tasks.run("learn", "acme", 0)
    assert api("olga", "GET", "/intents/report").json()["intents"] == 3


def test_a_past_message_is_an_example(api: Api, ids: dict[str, cast.Ids]) -> None:
    acme = ids["acme"]
    more = {"message_ids": [acme.message_id], "examples": ["and Sweden?"]}
    changed = api("olga", "POST", f"/intents/{acme.intent_id}/examples", json=more)
    assert changed.json()["examples"] == 6
    listed = api("olga", "GET", f"/intents/{acme.intent_id}/examples?limit=200").json()["items"]
    assert [one["text"] for one in listed if one["message_id"] == acme.message_id] == [
        "Do you ship to Norway?"
    ]


def test_a_sheet_makes_and_extends_intents(api: Api) -> None:
    rows = "\n".join(f"Repair,my {thing} is broken" for thing in ("tent", "stove", "bike", "boot", "lamp"))
    files = {"file": ("intents.csv", f"intent,text\n{rows}\n".encode(), "text/csv")}
    made = api("olga", "POST", "/intents/files", files=files).json()["items"]
    assert ("Repair", 5) in [(intent["name"], intent["examples"]) for intent in made]
    again = api("olga", "POST", "/intents/files", files=files).json()["items"]
    assert [intent["examples"] for intent in again] == [intent["examples"] for intent in made]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"text\nhello", b"intent,text\n,hello", b"intent,text\nA,\n"]
)
def test_a_sheet_that_is_none_is_refused_and_nothing_of_it_kept(api: Api, data: bytes) -> None:
    before = api("olga", "GET", "/intents").json()
    assert (
        api("olga", "POST", "/intents/files", files={"file": ("x.csv", data, "text/csv")}).status_code == 400
    )
    assert api("olga", "GET", "/intents").json() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "Few", "examples": ["a", "b", "c", "d"]}, 400),
        ({"name": "Twice", "examples": ["a", "a", "a", "a", "a"]}, 400),
        ({"name": "  ", "examples": list("abcde")}, 400),
        ({"name": "Wholesale 1001", "examples": list("abcde")}, 409),
        ({"name": "WHOLESALE 1001", "examples": list("abcde")}, 409),
        ({"name": "Taken", "examples": ["Do you sell 50 at once? (1001)", *"abcd"]}, 409),
        ({"name": "Gone", "examples": list("abcd"), "message_ids": [999_999]}, 404),
        ({"name": "Odd", "handling": "never", "examples": list("abcde")}, 400),
    ],
)
def test_what_cannot_be_taught_is_refused_and_leaves_nothing(api: Api, body: Any, status: int) -> None:
    before = api("olga", "GET", "/intents").json()
    assert api("olga", "POST", "/intents", json=body).status_code == status
    assert api("olga", "GET", "/intents").json() == before


def test_one_intent_alone_cannot_be_told_from_another(api: Api) -> None:
    answer = api("olga", "POST", "/intents/train")
    assert answer.status_code == 400
    assert "two intents" in answer.json()["detail"]


def test_changed_and_forgotten(api: Api, ids: dict[str, cast.Ids]) -> None:
    acme = ids["acme"]
    path = f"/intents/{acme.intent_id}"
    changed = api("olga", "PUT", path, json={"name": "Bulk", "handling": "escalate"}).json()
    assert (changed["name"], changed["handling"]) == ("Bulk", "escalate")
    assert api("olga", "DELETE", f"{path}/examples/{acme.example_id}").status_code == 204
    assert api("olga", "GET", path).json()["examples"] == 3
    assert api("olga", "DELETE", path).status_code == 204
    assert api("olga", "GET", path).status_code == 404


def test_only_admins_teach(api: Api) -> None:
    assert api("anna", "POST", "/intents", json={"name": "x", "examples": list("abcde")}).status_code == 403


def test_another_encoders_vectors_are_made_anew(app: App) -> None:
    database = app.files.tenant("acme")
    ids = [one.id for one in database.read(custom_intents.all_examples)]
    database.write(lambda db: custom_intents.use_encoder(db, "one"))
    database.write(lambda db: custom_intents.set_vectors(db, [(each, b"\0" * 1536) for each in ids]))
    database.write(lambda db: custom_intents.use_encoder(db, "one"))
    assert all(one.vector for one in database.read(custom_intents.all_examples))
    database.write(lambda db: custom_intents.use_encoder(db, "other"))
    assert not any(one.vector for one in database.read(custom_intents.all_examples))
