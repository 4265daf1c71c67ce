"""Every row of the error table, over the wire."""

import json
from typing import Any

import httpx
import pytest

from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from socialai.platforms.x.failures import _CODES, _STATUSES, _TYPES
from tests.platforms.wire import Wire
from tests.platforms.x.sample import (
    ADA,
    DATE,
    NOW,
    TEXT,
    adapter,
    in_public,
    limit,
    older,
    outgoing,
    problem,
)

OUTCOMES = {
    "usage-capped": "permanent",
    "credits": "permanent",
    "rate-limit-exceeded": "retry",
    "invalid-request": "permanent",
    "resource-not-found": "permanent",
    "resource-unavailable": "permanent",
    "not-authorized-for-resource": "permanent",
    "not-authorized-for-field": "permanent",
    "disallowed-resource": "permanent",
    "client-forbidden": "permanent",
    "unsupported-authentication": "reauthorise",
    "oauth1-permissions": "reauthorise",
}
CODES = dict.fromkeys((88, 130, 131, 185), "retry")
CODES |= dict.fromkeys((32, 64, 89, 93, 135, 326), "reauthorise")
CODES |= dict.fromkeys((150, 186, 187, 349, 385, 453), "permanent")


def failure(answer: httpx.Response, said: Outgoing | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(answer)).send(said or outgoing(), NOW)
    return error.value


def test_the_tables_here_and_there_are_of_the_same_rows() -> None:
    assert OUTCOMES.keys() == _TYPES.keys()
    assert CODES.keys() == _CODES.keys()


@pytest.mark.parametrize(("kind", "outcome"), OUTCOMES.items())
@pytest.mark.parametrize("host", ["api.twitter.com", "api.x.com"])
def test_each_type_of_problem_means_the_same_at_both_of_xs_names(kind: str, outcome: str, host: str) -> None:
    body = {"type": f"https://{host}/2/problems/{kind}", "title": "No", "detail": TEXT}
    error = failure(httpx.Response(429 if outcome == "retry" else 403, json=body))
    assert (error.outcome, error.code) == (outcome, kind)


@pytest.mark.parametrize(("code", "outcome"), CODES.items())
def test_each_code_of_the_older_api_means_the_same_whatever_the_status(code: int, outcome: str) -> None:
    for status in (400, 403, 500):
        error = failure(older(status, code))
        assert (error.outcome, error.code) == (outcome, str(code))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (302, "retry"),
        (400, "permanent"),
        (401, "reauthorise"),
        (402, "permanent"),
        (403, "permanent"),
        (404, "permanent"),
        (408, "retry"),
        (410, "permanent"),
        (429, "retry"),
        (500, "retry"),
        (502, "unknown"),
        (503, "retry"),
        (504, "unknown"),
    ],
)
def test_without_a_code_the_status_tells(status: int, outcome: str) -> None:
    for answer in (httpx.Response(status), httpx.Response(status, text="<html>"), problem(status)):
        assert failure(answer).outcome == outcome


@pytest.mark.parametrize("meaning", [*_TYPES.values(), *_CODES.values(), *_STATUSES.values()])
def test_each_row_is_a_plain_sentence(meaning: Any) -> None:
    assert meaning.says.endswith(".")


def test_used_up_credits_say_where_to_get_new_ones() -> None:
    assert "console.x.com" in str(failure(problem(429, "usage-capped")))


def test_what_x_forbids_is_explained_by_what_was_asked_of_it() -> None:
    assert "takes no private messages" in str(failure(problem(403)))
    assert "mentions or quotes the account" in str(failure(problem(403), in_public()))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (limit(720), 720),
        (limit(3600, "x-user-limit-24hour"), 3600),
        (limit(7200, "x-app-limit-24hour"), 7200),
        ({**limit(60), **limit(600, "x-user-limit-24hour")}, 600),
        ({**limit(60), "x-user-limit-24hour-remaining": "3", "x-user-limit-24hour-reset": "9999999999"}, 60),
        (limit(10**9), 86_400),
        (limit(-5), 1),
        ({"date": DATE, "retry-after": "30"}, 30),
        ({**limit(60), "date": "yesterday"}, None),
        ({"date": DATE, "x-rate-limit-reset": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_until_x_lifts_the_limit_by_its_own_clock(
    headers: dict[str, str], wait: float | None
) -> None:
    for answer in (older(429, 88, headers), problem(429, headers=headers)):
        error = failure(answer)
        assert (error.outcome, error.retry_after) == ("retry", wait)


def test_a_part_that_failed_does_not_spoil_the_rest() -> None:
    gone = {"type": "https://api.x.com/2/problems/resource-not-found", "title": "Not Found Error"}
    both = {"data": {"dm_event_id": "7"}, "errors": [gone]}
    assert adapter(Wire(httpx.Response(201, json=both))).send(outgoing(), NOW) == "7"
    assert failure(httpx.Response(200, json={"errors": [gone]})).code == "resource-not-found"


def test_whom_x_does_not_know_nobody_asks_for_again() -> None:
    gone = {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]}
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(httpx.Response(200, json=gone))).profile(ADA)
    assert error.value.outcome == "permanent"


@pytest.mark.parametrize("body", ["", "[]", "7", "[" * 5000, '{"errors": 7}', '{"type": 7}'])
def test_an_answer_of_no_known_shape_is_judged_by_its_status(body: str) -> None:
    assert failure(httpx.Response(429, text=body)).outcome == "retry"
    assert failure(httpx.Response(401, text=body)).outcome == "reauthorise"


def test_no_error_holds_what_x_said_of_the_text() -> None:
    for answer in (problem(403), problem(400, "invalid-request"), older(403, 187)):
        assert TEXT not in json.dumps([str(failure(answer)), failure(answer).code])


@pytest.mark.parametrize(
    ("headers", "used"),
    [
        ({}, 0.0),
        ({"x-rate-limit-limit": "15", "x-rate-limit-remaining": "6"}, 0.6),
        ({"x-rate-limit-limit": "15", "x-user-limit-24hour-limit": "100"}, 0.0),
        (
            {
                "x-rate-limit-limit": "10",
                "x-rate-limit-remaining": "9",
                "x-user-limit-24hour-limit": "100",
                "x-user-limit-24hour-remaining": "5",
            },
            0.95,
        ),
        ({"x-rate-limit-limit": "0", "x-rate-limit-remaining": "0"}, 0.0),
    ],
)
def test_the_fullest_budget_tells_how_much_is_gone(headers: dict[str, str], used: float) -> None:
    x = adapter(Wire(httpx.Response(201, json={"data": {"dm_event_id": "1"}}, headers=headers)))
    assert x.used == 0.0
    x.send(outgoing(), NOW)
    assert x.used == pytest.approx(used)
