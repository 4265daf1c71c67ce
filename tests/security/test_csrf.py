import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.errors import NotAllowed
from socialai.security.csrf import check_csrf, csrf_token


def test_a_page_of_the_session_is_let_through() -> None:
    check_csrf("session", csrf_token("session"))


def test_the_token_does_not_tell_the_session() -> None:
    assert "session" not in csrf_token("session")


@pytest.mark.parametrize("given_token", [None, "", "session", csrf_token("another session")])
def test_anything_else_is_refused(given_token: str | None) -> None:
    with pytest.raises(NotAllowed, match="Load it again"):
        check_csrf("session", given_token)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with pytest.raises(NotAllowed):
        check_csrf("session", text)
