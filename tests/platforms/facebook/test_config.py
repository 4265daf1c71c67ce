from typing import Any

import msgspec
import pytest

from socialai.errors import InvalidInput
from socialai.platforms.facebook.config import FacebookConfig
from tests.platforms.facebook.sample import CONFIG


def changed(**changes: Any) -> FacebookConfig:
    return msgspec.convert({**msgspec.to_builtins(CONFIG), **changes}, FacebookConfig)


@pytest.mark.parametrize(
    "address",
    [
        "https://graph.facebook.com",
        "http://127.0.0.1:8099",
        "http://localhost:8099/",
        "http://[::1]:9",
        "https://a.b",
    ],
)
def test_an_address_is_https_or_this_machine(address: str) -> None:
    assert changed(graph_url=address).graph_url == address


@pytest.mark.parametrize(
    "address",
    [
        "http://graph.facebook.com",
        "http://127.0.0.1.evil.org",
        "ftp://localhost",
        "localhost",
        "",
        "https://",
        "http://[",
        "http://127.0.0.1:8700/metrics?x=",
        "https://a.b/#",
        "https://graph.facebook.com@evil.example",
    ],
)
def test_any_other_address_is_refused_in_plain_words(address: str) -> None:
    with pytest.raises(InvalidInput, match="must begin with https://"):
        changed(graph_url=address)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("page_id", ""),
        ("page_id", "12/../34"),
        ("page_id", "my page"),
        ("page_id", "१२"),
        ("api_version", "latest"),
        ("api_version", "v26.0/../v1.0"),
        ("page_token", ""),
        ("page_token", "two words"),
        ("page_token", "line\nbreak"),
        ("app_secret", ""),
        ("app_secret", "å"),
        ("verify_token", ""),
    ],
)
def test_a_field_that_cannot_be_right_is_refused_without_quoting_it(field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as error:
        changed(**{field: value})
    assert not value or value not in str(error.value)


def test_nothing_shows_a_secret() -> None:
    for shown in (repr(CONFIG), str(CONFIG), f"{CONFIG}", repr(CONFIG.__rich_repr__())):
        assert CONFIG.page_id in shown
        assert not [s for s in (CONFIG.page_token, CONFIG.app_secret, CONFIG.verify_token) if s in shown]
