"""What each refusal means for us."""

import httpx
import pytest

from socialai.errors import DeliveryError
from tests.platforms.telegram.sample import NOW, TOKEN, adapter, outgoing, refusal
from tests.platforms.wire import Wire


def failure(answer: httpx.Response | Exception) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        adapter(Wire(answer)).send(outgoing(), NOW)
    return caught.value


@pytest.mark.parametrize(
    ("code", "said", "outcome", "says"),
    [
        (401, "Unauthorized", "reauthorise", "copy the new one"),
        (404, "Not Found", "reauthorise", "copy the new one"),
        (403, "Forbidden: bot was blocked by the user", "permanent", "blocked the bot"),
        (403, "Forbidden: user is deactivated", "permanent", "account is gone"),
        (403, "Forbidden: bot can't initiate conversation with a user", "permanent", "opened it themselves"),
        (403, "Forbidden: bot was kicked from the supergroup chat", "permanent", "removed from the group"),
        (403, "Forbidden: something new", "permanent", "opened it themselves"),
        (400, "Bad Request: chat not found", "permanent", "opened it themselves"),
        (400, "Bad Request: message is too long", "permanent", "longer than Telegram takes"),
        (
            400,
            "Bad Request: not enough rights to send text messages",
            "permanent",
            "may not write",
        ),
        (400, "Bad Request: TOPIC_CLOSED", "permanent", "topic of the group is closed"),
        (400, "Bad Request: BUSINESS_PEER_USAGE_MISSING", "permanent", "business account"),
        (400, "Bad Request: business connection not found", "permanent", "business account"),
        (400, "Bad Request: can't parse entities", "permanent", "does not accept this"),
        (409, "Conflict: terminated by other getUpdates request", "retry", "Another program"),
        (500, "Internal Server Error", "retry", "problem of its own"),
        (502, "Bad Gateway", "unknown", "cannot be asked"),
    ],
)
def test_a_refusal_is_said_in_plain_words(code: int, said: str, outcome: str, says: str) -> None:
    error = failure(refusal(code, said))
    assert (error.outcome, error.code) == (outcome, str(code))
    assert says in str(error)


def test_telegrams_own_wait_is_kept() -> None:
    assert failure(refusal(429, "Too Many Requests: retry after 35", retry_after=35)).retry_after == 35


def test_a_gateway_that_speaks_html_is_understood_by_its_number() -> None:
    assert failure(httpx.Response(502, text="<html>Bad Gateway</html>")).outcome == "unknown"
    assert failure(httpx.Response(500, text="<html>")).outcome == "retry"
    assert failure(httpx.Response(413, text="<html>")).outcome == "permanent"


def test_a_refusal_with_a_good_status_is_one() -> None:
    assert failure(httpx.Response(200, json={"ok": False, "error_code": 403})).outcome == "permanent"


def test_no_error_holds_the_token_or_the_request() -> None:
    for answer in (
        httpx.ConnectError(f"/bot{TOKEN}"),
        httpx.ReadTimeout(TOKEN),
        refusal(400, TOKEN),
    ):
        error = failure(answer)
        assert TOKEN not in f"{error!r} {error.code} {error.__cause__} {error.__suppress_context__}"
        assert error.__suppress_context__ or error.__context__ is None
