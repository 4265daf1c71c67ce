"""Every row of Instagram's own error table, over the wire; those of all of Meta are tried with Facebook."""

import pytest

from socialai.errors import DeliveryError
from socialai.platforms.instagram.meanings import REFUSALS
from tests.platforms.instagram.sample import NOW, TEXT, adapter, outgoing, refusal
from tests.platforms.wire import Wire

ROWS = [
    *((code, subcode, "retry") for code, subcode in [(613, 2534040), (613, None), (80002, None), (2, None)]),
    *((code, subcode, "reauthorise") for code, subcode in [(190, 460), (190, 463), (10, None)]),
    *((code, subcode, "reauthorise") for code, subcode in [(200, 2534041), (200, None), (298, None)]),
    *((10, subcode, "permanent") for subcode in (2534022, 2018278, 1893063, 10900)),
    *((100, subcode, "permanent") for subcode in (None, 33, 2534014, 2534029)),
    *((code, None, "permanent") for code in (230, 551, 368, 10900, 9000001)),
]


def failure(code: int, subcode: int | None) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(refusal(400, code, subcode))).send(outgoing(), NOW)
    return error.value


@pytest.mark.parametrize(("code", "subcode", "outcome"), ROWS)
def test_each_code_has_its_meaning(code: int, subcode: int | None, outcome: str) -> None:
    error = failure(code, subcode)
    assert (error.outcome, error.code) == (outcome, f"{code}/{subcode}" if subcode else str(code))


@pytest.mark.parametrize("code", REFUSALS.meanings)
def test_each_row_is_a_plain_sentence(code: tuple[int, int | None]) -> None:
    error = failure(*code)
    assert str(error) == REFUSALS.meanings[code].says
    assert str(error).endswith(".")
    assert "{" not in str(error)
    assert TEXT not in str(error)
