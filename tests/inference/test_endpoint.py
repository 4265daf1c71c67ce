"""To which addresses a prompt may be sent."""

import pytest

from socialai.errors import InvalidInput
from socialai.inference.endpoint import checked_url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/v1",
        "http://localhost:11434/v1/",
        "http://127.0.0.1:8080",
        "http://[::1]:8080/v1",
        "http://192.168.1.20:8000/v1",
        "http://10.0.0.7/v1",
    ],
)
def test_https_or_a_private_machine_may_be_chosen(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/v1",
        "http://8.8.8.8/v1",
        "http://0.0.0.0/v1",
        "ftp://localhost/v1",
        "localhost:11434",
        "https://user:pass@example.com/v1",
        "https://example.com/v1?key=1",
        "https://",
        "http://[::1",
        "http://localhost:99999/v1",
        "",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        checked_url(url)
