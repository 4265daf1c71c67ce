"""Corrections and quality over the API."""

from collections.abc import Callable
from typing import Any

from tests import cast

Api = Callable[..., Any]


def test_corrected_listed_and_counted(api: Api, ids: dict[str, cast.Ids]) -> None:
    path = f"/messages/{ids['acme'].message_id}/correction"
    assert api("anna", "GET", path).status_code == 404
    kept = api("anna", "POST", path, json={"intent": "inquiry", "urgency": "high"})
    assert kept.status_code == 201
    assert kept.json()["said"]["intent"] == "sales"
    assert kept.json()["meant"] == {
        "intent": "inquiry",
        "mood": "neutral",
        "urgency": "high",
        "confidence": 1.0,
    }
    assert api("vera", "GET", path).json() == kept.json()
    assert api("vera", "GET", "/corrections").json()["items"] == [kept.json()]
    quality = api("vera", "GET", "/quality?days=30").json()
    assert quality["reviewed"] == 1
    assert quality["weeks"][0]["agreed"] == {"intent": 0, "mood": 1, "urgency": 0}


def test_taken_back_nobody_has_said_anything(api: Api, ids: dict[str, cast.Ids]) -> None:
    path = f"/messages/{ids['acme'].message_id}/correction"
    assert api("anna", "DELETE", path).status_code == 404
    api("anna", "POST", path, json={"intent": "spam"})
    assert api("vera", "DELETE", path).status_code == 403
    assert api("anna", "DELETE", path).status_code == 204
    assert api("anna", "GET", path).status_code == 404
    assert api("vera", "GET", "/quality?days=30").json()["reviewed"] == 0


def test_viewers_correct_nothing(api: Api, ids: dict[str, cast.Ids]) -> None:
    path = f"/messages/{ids['acme'].message_id}/correction"
    assert api("vera", "POST", path, json={"intent": "spam"}).status_code == 403


def test_what_is_no_intent_is_refused(api: Api, ids: dict[str, cast.Ids]) -> None:
    path = f"/messages/{ids['acme'].message_id}/correction"
    assert api("anna", "POST", path, json={"intent": "refund"}).status_code == 400


def test_too_few_corrections_teach_nothing(api: Api) -> None:
    answer = api("olga", "POST", "/corrections/learn")
    assert (answer.status_code, "0 corrections" in answer.json()["detail"]) == (400, True)
