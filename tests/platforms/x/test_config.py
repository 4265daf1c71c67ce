from typing import Any

import msgspec
import pytest

from socialai.errors import InvalidInput
from socialai.platforms.x.config import XConfig
from tests.platforms.x.sample import CONFIG


def changed(**changes: Any) -> XConfig:
    return msgspec.convert({**msgspec.to_builtins(CONFIG), **changes}, XConfig)


@pytest.mark.parametrize("name", ["refresh_token", "consumer_secret", "bearer_token"])
def test_what_not_every_app_has_may_be_left_out(name: str) -> None:
    assert getattr(changed(**{name: ""}), name) == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user_id", ""),
        ("user_id", "@northwindshop"),
        ("user_id", "1" * 20),
        ("user_id", "१२"),
        ("access_token", ""),
        ("access_token", "two words"),
        ("client_secret", "line\nbreak"),
        ("refresh_token", "blå"),
        ("bearer_token", "AAAA%20 B"),
        ("api_url", "http://api.x.com"),
        ("api_url", "https://api.x.com@evil.example"),
    ],
)
def test_what_cannot_be_right_is_refused_in_plain_words_that_do_not_quote_it(field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as error:
        changed(**{field: value})
    assert str(error.value).endswith(".")
    assert len(value) < 4 or value not in str(error.value)
