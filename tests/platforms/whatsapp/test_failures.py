"""Every row of WhatsApp's own error table, as an answer and as a state that comes later."""

import json

import pytest

from socialai.domain.happening import Failed
from socialai.errors import DeliveryError
from socialai.platforms.whatsapp import WhatsApp
from socialai.platforms.whatsapp.meanings import REFUSALS
from tests.platforms.whatsapp.sample import ANNA, NOW, NUMBER, TEXT, WABA, adapter, outgoing, refusal
from tests.platforms.wire import Wire

# What the shared contract sheet says of each code.
RETRY = (1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004)
REAUTHORISE = (0, 190, 3, 10, 200, 230, 299, 131005)
PERMANENT = (
    *(100, 131008, 131009, 131021, 131026, 131030, 131031, 131042, 131047, 131048, 131049, 131050, 131051),
    *(368, 130472, 130497, 131062, 131063, 131064, 132000, 132001, 132012, 132015, 132016),
)
ROWS = [
    *((code, "retry") for code in RETRY),
    *((code, "reauthorise") for code in REAUTHORISE),
    *((code, "permanent") for code in PERMANENT),
]


def failure(code: int, status: int = 400) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(refusal(status, code))).send(outgoing(), NOW)
    return error.value


@pytest.mark.parametrize(("code", "outcome"), ROWS)
def test_each_code_has_its_meaning(code: int, outcome: str) -> None:
    assert (failure(code).outcome, failure(code).code) == (outcome, str(code))


def test_a_code_that_nobody_told_of_is_told_by_its_status() -> None:
    assert failure(139999, 500).outcome in ("retry", "unknown")
    assert failure(132099).outcome == "permanent"


@pytest.mark.parametrize("code", REFUSALS.meanings)
def test_each_row_is_a_plain_sentence_also_when_it_comes_later(code: tuple[int, int | None]) -> None:
    says = REFUSALS.meanings[code].says
    assert says.endswith(".")
    assert TEXT not in says
    if code[1] is None:
        (failed,) = WhatsApp.parse(state(code[0]))
        assert isinstance(failed, Failed)
        assert (failed.reason, failed.code) == (says, str(code[0]))


def state(code: int) -> bytes:
    status = {
        "id": "wamid.1",
        "status": "failed",
        "timestamp": "1763812800",
        "recipient_id": ANNA,
        "errors": [{"code": code, "title": TEXT}],
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": NUMBER},
        "statuses": [status],
    }
    entry = {"id": WABA, "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
