"""Every row of the error table, over the wire."""

import httpx
import pytest

from socialai.errors import DeliveryError
from socialai.platforms.linkedin.failures import STATUSES
from tests.platforms.linkedin.sample import DATE, NOW, TEXT, adapter, outgoing, refusal
from tests.platforms.wire import Wire

DAY = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."


def failure(answer: httpx.Response) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(answer)).send(outgoing(), NOW)
    return error.value


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (302, "retry"),
        (400, "permanent"),
        (401, "reauthorise"),
        (403, "permanent"),
        (404, "permanent"),
        (408, "retry"),
        (409, "retry"),
        (410, "permanent"),
        (422, "permanent"),
        (426, "permanent"),
        (429, "retry"),
        (500, "retry"),
        (502, "unknown"),
        (503, "retry"),
        (504, "unknown"),
    ],
)
def test_the_status_tells_what_to_do(status: int, outcome: str) -> None:
    for answer in (httpx.Response(status), httpx.Response(status, text="<html>"), refusal(status)):
        assert failure(answer).outcome == outcome


def test_each_row_is_a_plain_sentence() -> None:
    assert all(meaning.says.endswith(".") for meaning in STATUSES.values())


def test_a_lost_role_says_that_a_new_token_does_not_help() -> None:
    error = failure(refusal(403, "ACCESS_DENIED"))
    assert "administrator" in str(error)
    assert error.code == "ACCESS_DENIED"


@pytest.mark.parametrize("answer", [refusal(426), refusal(400, "NONEXISTENT_VERSION")])
def test_a_retired_version_is_named(answer: httpx.Response) -> None:
    assert "API version" in str(failure(answer))


@pytest.mark.parametrize(
    ("message", "headers", "wait"),
    [
        ("Comment create throttled: creation rate limit exceeded for member", {"date": DATE}, 60),
        ("", {}, 60),
        (DAY, {"date": DATE}, 2.5 * 3600),
        (DAY, {"date": "Sun, 09 Aug 2026 00:00:00 GMT"}, 24 * 3600),
        (DAY, {"date": "yesterday"}, 60),
        (DAY, {}, 60),
    ],
)
def test_a_limit_of_the_day_ends_at_midnight_and_any_other_in_a_minute(
    message: str, headers: dict[str, str], wait: float
) -> None:
    error = failure(refusal(429, "TOO_MANY_REQUESTS", message, headers))
    assert (error.outcome, error.retry_after) == ("retry", wait)


def test_no_error_holds_what_linkedin_said_of_the_text() -> None:
    for status in (400, 403, 422):
        error = failure(refusal(status))
        assert TEXT not in f"{error} {error.code}"
