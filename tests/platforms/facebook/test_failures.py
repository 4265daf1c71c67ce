"""Every row of the error table, over the wire."""

import httpx
import pytest

from socialai.errors import DeliveryError
from socialai.platforms.facebook.meanings import REFUSALS
from tests.platforms.facebook.sample import NOW, PAGE, TEXT, adapter, outgoing, refusal, usage
from tests.platforms.wire import Wire

RETRY = [(1, None), (1, 99), (2, None), (4, None), (17, None), (32, None), (341, None), (613, None)]
RETRY += [(80001, None), (80006, None), (80006, 2018022)]
REAUTHORISE = [(190, subcode) for subcode in (None, 458, 459, 460, 463, 464, 467, 492, 777)]
REAUTHORISE += [(102, None), (10, None), (10, 1), (200, None), (230, None), (299, None), (200, 2018028)]
PERMANENT = [(100, None), (100, 33), (100, 2018001), (10, 2018065), (10, 2018278), (10, 2018108)]
PERMANENT += [(551, None), (551, 1545041), (200, 1545041), (368, None), (1705, None)]
ROWS = [
    *((code, subcode, "retry") for code, subcode in RETRY),
    *((code, subcode, "reauthorise") for code, subcode in REAUTHORISE),
    *((code, subcode, "permanent") for code, subcode in PERMANENT),
    (1, 1357046, "unknown"),
]


def failure(answer: httpx.Response) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(answer)).send(outgoing(), NOW)
    return error.value


@pytest.mark.parametrize(("code", "subcode", "outcome"), ROWS)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_each_code_means_the_same_whatever_the_status(
    code: int, subcode: int | None, outcome: str, status: int
) -> None:
    error = failure(refusal(status, code, subcode))
    assert error.outcome == outcome
    assert error.code == (f"{code}/{subcode}" if subcode else str(code))


@pytest.mark.parametrize("code", REFUSALS.meanings)
def test_each_row_is_reached_and_is_a_plain_sentence(code: tuple[int, int | None]) -> None:
    error = failure(refusal(400, *code))
    assert str(error) == REFUSALS.meanings[code].says
    assert str(error).endswith(".")
    assert TEXT not in str(error)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (302, "retry"),
        (400, "permanent"),
        (401, "reauthorise"),
        (403, "permanent"),
        (404, "permanent"),
        (408, "retry"),
        (429, "retry"),
        (500, "retry"),
        (502, "unknown"),
        (503, "retry"),
        (504, "unknown"),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'{"error":"text"}', b'{"error":{"code":{}}}', b"[" * 99_999]
)
def test_without_a_code_of_facebooks_the_status_decides(status: int, outcome: str, body: bytes) -> None:
    error = failure(httpx.Response(status, content=body))
    assert (error.outcome, error.code) == (outcome, f"http_{status}")


def test_each_status_of_the_table_is_reached() -> None:
    for status, meaning in REFUSALS.statuses.items():
        assert failure(httpx.Response(status)).outcome == meaning.outcome


@pytest.mark.parametrize(("status", "outcome"), [(400, "permanent"), (500, "retry")])
def test_a_code_nobody_knows_goes_by_its_status(status: int, outcome: str) -> None:
    assert failure(refusal(status, 987654)).outcome == outcome


def test_a_code_written_as_text_is_a_code() -> None:
    answer = httpx.Response(400, json={"error": {"code": "190", "error_subcode": "463"}})
    assert failure(answer).outcome == "reauthorise"


def test_transient_is_believed_but_for_what_may_have_been_sent() -> None:
    assert failure(refusal(400, 987654, is_transient=True)).outcome == "retry"
    assert failure(refusal(400, 1, 1357046, is_transient=True)).outcome == "unknown"


def test_the_wait_is_the_longest_of_all_use_cases_in_seconds() -> None:
    assert failure(refusal(400, 613, headers=usage(12))).retry_after == 720
    assert failure(httpx.Response(429, headers=usage(2))).retry_after == 120


def test_without_a_use_case_the_general_header_counts() -> None:
    assert failure(httpx.Response(429, headers={"retry-after": "30"})).retry_after == 30


def test_no_wait_is_longer_than_a_day() -> None:
    assert failure(refusal(400, 4, headers=usage(10**9))).retry_after == 86_400


@pytest.mark.parametrize("minutes", [0, -5, None, "soon", "NaN", [], {"x": 1}, "1e999"])
def test_an_absurd_wait_is_no_wait(minutes: object) -> None:
    assert failure(refusal(400, 4, headers=usage(minutes))).retry_after is None


@pytest.mark.parametrize(
    "usage", ["", "{", "[]", "7", '{"x":1}', '{"x":[1]}', '{"x":[]}', "[" * 9999, f'{{"{PAGE}":null}}']
)
def test_a_damaged_usage_header_is_no_wait(usage: str) -> None:
    assert failure(httpx.Response(429, headers={"x-business-use-case-usage": usage})).retry_after is None


@pytest.mark.parametrize("header", ["", "-1", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_damaged_general_header_is_no_wait(header: str) -> None:
    assert failure(httpx.Response(429, headers={"retry-after": header})).retry_after is None


def test_a_wait_belongs_to_a_retry_only() -> None:
    assert failure(refusal(400, 190, headers=usage(12))).retry_after is None
