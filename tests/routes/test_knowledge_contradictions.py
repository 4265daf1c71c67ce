from collections.abc import Callable
from typing import Any

from tests.routes.conftest import Client, Headers


def test_both_sentences_are_shown_until_a_person_says_both_are_right(
    client: Client, browser: Callable[[str], Headers]
) -> None:
    place = "/knowledge/contradictions"
    shown = client.get(place, headers=browser("vera")).text
    assert "costs 9 EUR (1001)" in shown
    assert "It costs 12 EUR." in shown
    assert "Both are right" not in shown
    assert client.post(f"{place}/1/dismiss", headers=browser("vera")).status_code == 403
    client.post(f"{place}/1/dismiss", headers=browser("adam"))
    assert "Your articles agree" in client.get(place, headers=browser("adam")).text


def test_the_api_lists_and_dismisses(api: Callable[..., Any]) -> None:
    (found,) = api("vera", "GET", "/contradictions").json()["items"]
    assert found["other_sentence"] == "It costs 12 EUR."
    assert api("adam", "POST", "/contradictions/1/dismiss").status_code == 204
    assert api("vera", "GET", "/contradictions").json()["items"] == []
    assert api("adam", "POST", "/contradictions/99/dismiss").status_code == 404
