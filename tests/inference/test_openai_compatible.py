"""A language model outside: what leaves, what is kept of it, and what comes of an endpoint that fails."""

import time
from collections.abc import Iterator
from typing import Literal

import httpx
import msgspec
import pytest
from msgspec import Struct

from socialai.domain.engine import Call, RemoteEngine
from socialai.errors import Cancelled, DeadlinePassed, ModelError, Overloaded, PromptTooLong
from socialai.inference.breaker import Breaker
from socialai.inference.llm import Part, Private, Prompt
from socialai.inference.openai_compatible import OpenAICompatible
from tests.inference.endpoint import Endpoint, hang, plain, stream, whole
from tests.inference.writing import Background, prompt, soon

KEY = "sk-very-secret"


class Verdict(Struct, frozen=True):
    supported: Literal["yes", "no"]
    who: str = ""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.stop()


@pytest.fixture
def calls() -> list[Call]:
    return []


@pytest.fixture
def now() -> list[float]:
    """What the breaker takes for the time."""
    return [0.0]


@pytest.fixture
def engine(endpoint: Endpoint, calls: list[Call], now: list[float]) -> Iterator[OpenAICompatible]:
    with httpx.Client(trust_env=False) as http:
        breaker = Breaker(lambda: now[0])
        made = OpenAICompatible(
            RemoteEngine(endpoint.url, "small"), KEY, http, calls.append, waits=(0.0, 0.01), breaker=breaker
        )
        yield made
        endpoint.released.set()
        made.close()


def test_the_text_comes_in_pieces_and_is_counted(engine: OpenAICompatible, endpoint: Endpoint) -> None:
    pieces: list[str] = []
    written = engine.write(prompt(), deadline=soon(), on_text=pieces.append)
    assert written.text == "".join(pieces) == "We ship to Norway."
    assert len(pieces) > 3
    assert (written.tokens_in, written.tokens_out, written.finish) == (40, 7, "stop")
    assert 0 < written.first_token_ms <= written.ms


def test_the_endpoint_gets_the_prompt_the_limits_and_the_key(
    engine: OpenAICompatible, endpoint: Endpoint
) -> None:
    engine.write(prompt("Do you ship?", tokens=9), deadline=soon())
    [sent] = endpoint.received
    assert sent["model"] == "small"
    assert sent["max_tokens"] == 9
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert "<question>\nDo you ship?\n</question>" in sent["messages"][1]["content"]
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"


def test_a_server_that_cannot_stream_is_understood_too(engine: OpenAICompatible, endpoint: Endpoint) -> None:
    endpoint.answers.append(whole("Yes."))
    assert engine.write(prompt(), deadline=soon()).text == "Yes."


def test_what_is_private_stays_here_and_is_put_back(
    engine: OpenAICompatible, endpoint: Endpoint, calls: list[Call]
) -> None:
    asked = Prompt(
        purpose="compose",
        system="You are Acme. Mail help@acme.example.",
        parts=(
            Part("memory", "Ada Lovelace: I am ada@example.org, call +47 22 12 34 56."),
            Part(
                "question", "Where is order AB-20311? Card 4111 1111 1111 1111, IBAN DE89370400440532013000"
            ),
        ),
        task="Answer Ada.",
        private=(Private("name", "Ada"), Private("name", "Ada Lovelace")),
    )
    endpoint.said = "Hi [NAME_2], order [order_1] goes to [EMAIL_2]. Questions: [EMAIL_1], [EMAIL_9]."
    pieces: list[str] = []
    written = engine.write(asked, deadline=soon(), on_text=pieces.append)
    for secret in ("Ada", "Lovelace", "ada@example.org", "help@acme", "22 12 34", "20311", "4111", "DE89"):
        assert secret.lower() not in endpoint.texts.lower()
    assert written.text == (
        "Hi Ada, order AB-20311 goes to ada@example.org. Questions: help@acme.example, [EMAIL_9]."
    )
    assert "".join(pieces) == written.text
    assert calls[0].masked == {"name": 2, "email": 2, "phone": 1, "order": 1, "card": 1, "iban": 1}


def test_every_try_is_in_the_ledger(engine: OpenAICompatible, endpoint: Endpoint, calls: list[Call]) -> None:
    endpoint.answers.append(plain(503))
    engine.write(prompt(), deadline=soon())
    failed, written = calls
    assert (failed.outcome, failed.error) == ("failed", "The endpoint is too busy or broken (HTTP 503).")
    assert (written.outcome, written.purpose, written.model) == ("written", "compose", "small")
    assert written.fields == ("system", "evidence", "question", "task")
    assert written.host == endpoint.url.split("/")[2]
    assert written.bytes_out == len(msgspec.json.encode(endpoint.received[1]))
    assert written.bytes_in > 0
    assert (written.tokens_in, written.tokens_out) == (40, 7)


def test_no_secret_is_in_the_ledger(engine: OpenAICompatible, endpoint: Endpoint, calls: list[Call]) -> None:
    endpoint.answers.append(plain(401))
    with pytest.raises(ModelError, match="does not accept the key"):
        engine.write(prompt("I am ada@example.org"), deadline=soon())
    assert KEY not in repr(calls)
    assert "ada@" not in repr(calls)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_endpoint_is_asked_again(engine: OpenAICompatible, endpoint: Endpoint, status: int) -> None:
    endpoint.answers.extend([plain(status), plain(status)])
    assert engine.write(prompt(), deadline=soon()).text == endpoint.said
    assert len(endpoint.received) == 3


def test_it_is_not_asked_for_ever(engine: OpenAICompatible, endpoint: Endpoint) -> None:
    endpoint.answers.extend([plain(500)] * 9)
    with pytest.raises(Overloaded):
        engine.write(prompt(), deadline=soon())
    assert len(endpoint.received) == 3


def test_an_endpoint_that_says_wait_longer_than_we_have_is_not_waited_for(
    engine: OpenAICompatible, endpoint: Endpoint
) -> None:
    endpoint.answers.append(plain(429, headers=((b"retry-after", b"3600"),)))
    with pytest.raises(Overloaded):
        engine.write(prompt(), deadline=soon())
    assert len(endpoint.received) == 1


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 418])
def test_what_will_never_work_is_asked_once(
    engine: OpenAICompatible, endpoint: Endpoint, status: int
) -> None:
    endpoint.answers.append(plain(status, headers=((b"location", b"http://127.0.0.1:9/"),)))
    with pytest.raises(ModelError):
        engine.write(prompt(), deadline=soon())
    assert len(endpoint.received) == 1


@pytest.mark.parametrize(
    "junk",
    [
        plain(200, b"<html>Welcome</html>", "text/html"),
        plain(200, b"data: {]\n\n", "text/event-stream"),
        plain(200, b'data: {"choices": 7}\n\n', "text/event-stream"),
        plain(200, b"data: " + b"[" * 100_000, "text/event-stream"),
        plain(200, b"[1, 2]", "application/json"),
        plain(200, b"x" * 5_000_000, "text/event-stream"),
        plain(200, b"\xff\xfe\x00" * 99, "application/json"),
        stream("half a", finish=None),
        stream("", finish="content_filter"),
    ],
)
def test_junk_is_a_failure_and_no_text(engine: OpenAICompatible, endpoint: Endpoint, junk: object) -> None:
    endpoint.answers.extend([junk] * 3)  # type: ignore[list-item]  # an Answer
    with pytest.raises(ModelError):
        engine.write(prompt(), deadline=soon())
    endpoint.answers.clear()
    assert engine.write(prompt(), deadline=soon()).text == endpoint.said


def test_a_text_that_broke_off_after_it_was_shown_is_not_asked_for_again(
    engine: OpenAICompatible, endpoint: Endpoint
) -> None:
    endpoint.answers.append(stream("We ship to", finish=None))
    with pytest.raises(ModelError, match="cut off"):
        engine.write(prompt(), deadline=soon())
    assert len(endpoint.received) == 1


@pytest.mark.parametrize("said", ["", "We sh"])
def test_an_endpoint_that_hangs_costs_no_more_than_the_deadline(
    engine: OpenAICompatible, endpoint: Endpoint, said: str
) -> None:
    endpoint.answers.append(hang(endpoint, said))
    at = time.monotonic()
    with pytest.raises(DeadlinePassed):
        engine.write(prompt(), deadline=soon(0.5))
    assert time.monotonic() - at < 1.0


def test_a_cancelled_request_is_given_up_at_once(
    engine: OpenAICompatible, endpoint: Endpoint, calls: list[Call]
) -> None:
    endpoint.answers.append(hang(endpoint, "We sh"))
    writing = Background(engine, prompt())
    assert writing.began.wait(30)
    at = time.monotonic()
    writing.cancel.cancel()
    assert isinstance(writing.join(), Cancelled)
    assert time.monotonic() - at < 0.2


def test_nobody_waits_for_an_endpoint_that_keeps_failing(
    engine: OpenAICompatible, endpoint: Endpoint, now: list[float]
) -> None:
    endpoint.answers.extend([plain(500)] * 6)
    for _ in range(2):
        with pytest.raises(Overloaded):
            engine.write(prompt(), deadline=soon())
    with pytest.raises(Overloaded, match="left alone for 30 s"):
        engine.write(prompt(), deadline=soon())
    assert len(endpoint.received) == 6
    now[0] += 31
    assert engine.write(prompt(), deadline=soon()).text == endpoint.said
    assert engine.write(prompt(), deadline=soon()).text == endpoint.said


def test_an_endpoint_that_is_not_there_is_a_failure(endpoint: Endpoint, calls: list[Call]) -> None:
    endpoint.stop()
    with httpx.Client(trust_env=False) as http:
        engine = OpenAICompatible(RemoteEngine(endpoint.url, "m"), "", http, calls.append, waits=())
        with pytest.raises(Overloaded, match="does not answer"):
            engine.write(prompt(), deadline=soon())
        engine.close()
    assert [call.outcome for call in calls] == ["failed"]


def test_json_is_asked_for_with_its_schema_and_checked(engine: OpenAICompatible, endpoint: Endpoint) -> None:
    endpoint.answers.append(stream('{"supported": "yes", "who": "[NAME_1]"}'))
    asked = msgspec.structs.replace(prompt('Quote "Ada"'), private=(Private("name", '"Ada"'),))
    written = engine.write(asked, deadline=soon(), schema=Verdict)
    assert msgspec.json.decode(written.text, type=Verdict) == Verdict("yes", '"Ada"')
    assert endpoint.received[0]["response_format"]["type"] == "json_schema"
    with pytest.raises(ModelError, match="JSON it was asked for"):
        engine.write(prompt(), deadline=soon(), schema=Verdict)


def test_a_prompt_too_long_for_the_endpoint_is_shortened_by_the_callers_rule(
    engine: OpenAICompatible, endpoint: Endpoint
) -> None:
    too_long = plain(400, b'{"error": {"message": "maximum context length is 8"}}', "application/json")
    endpoint.answers.extend([too_long, too_long])
    with pytest.raises(PromptTooLong):
        engine.write(prompt(), deadline=soon())

    def less(one: Prompt) -> Prompt:
        return msgspec.structs.replace(one, parts=(), shorten=None)

    asked = Prompt(purpose="p", system="s", parts=(Part("memory", "long"),), task="t", shorten=less)
    assert engine.write(asked, deadline=soon()).text == endpoint.said
    assert [len(sent["messages"][1]["content"]) for sent in endpoint.received[1:]] == [26, 1]


def test_one_slow_caller_does_not_hold_up_the_others(engine: OpenAICompatible, endpoint: Endpoint) -> None:
    endpoint.answers.append(hang(endpoint, "We sh"))
    slow = Background(engine, prompt())
    assert slow.began.wait(30)
    assert engine.write(prompt(), deadline=soon()).text == endpoint.said
    slow.cancel.cancel()
    slow.join()
