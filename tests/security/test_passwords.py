import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from socialai.errors import InvalidInput, TooManyTries
from socialai.security.passwords import Passwords, check_password

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def test_the_right_password_opens_and_another_does_not() -> None:
    passwords = Passwords(CHEAP)
    kept = passwords.hash("green tomato soup")
    assert passwords.verify(kept, "green tomato soup")
    assert not passwords.verify(kept, "green tomato soap")
    assert "green" not in kept


def test_an_accent_is_the_same_however_the_keyboard_composes_it() -> None:
    passwords = Passwords(CHEAP)
    assert passwords.verify(passwords.hash("sm\u00f6rg\u00e5sbord"), "smo\u0308rga\u030asbord")


class Recording(PasswordHasher):
    checked = ""

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.checked = str(hash)
        return super().verify(hash, password)


def test_without_an_account_nothing_is_right_and_the_work_is_the_same() -> None:
    hasher = Recording()
    passwords = Passwords(hasher)
    kept = passwords.hash("green tomato soup")
    assert not passwords.verify(None, "green tomato soup")
    assert extract_parameters(hasher.checked) == extract_parameters(kept)


def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    weak = Passwords(CHEAP).hash("green tomato soup")
    assert Passwords().is_outdated(weak)
    assert not Passwords(CHEAP).is_outdated(weak)
    assert Passwords(CHEAP).verify(weak, "green tomato soup")


def test_the_product_hashes_as_rfc_9106_says_for_little_memory() -> None:
    cost = extract_parameters(Passwords().hash("green tomato soup"))
    assert (cost.time_cost, cost.memory_cost, cost.parallelism) == (3, 65536, 4)


class Gated(PasswordHasher):
    """Counts how many run at once and holds them until told."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go = threading.Event()
        self.running = self.most = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.running += 1
        self.most = max(self.most, self.running)
        self.go.wait(10)
        self.running -= 1
        return super().hash(password, salt=salt)


def test_a_flood_runs_one_at_a_time_and_those_too_many_are_told_at_once() -> None:
    hasher = Gated()
    passwords = Passwords(hasher)
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(passwords.hash, "green tomato soup") for _ in range(20)]
        too_many = list(islice(as_completed(waiting, timeout=10), 12))  # 8 may wait, and wait for the hasher
        hasher.go.set()
    assert hasher.most == 1
    for one in too_many:
        with pytest.raises(TooManyTries) as error:
            one.result()
        assert error.value.retry_after == 3
    assert sum(one.exception() is None for one in waiting) == 8
    assert passwords.hash("green tomato soup")


@pytest.mark.parametrize(
    "password",
    [
        "green tomato soup",
        "Ün1que&pläin",
        "天地玄黄宇宙洪荒日月",
        "🍅🥒🧅🫒🧀🥖🍷🍇🍓🍰",
        "x" * 20 + "abcdefgh",
    ],
)
def test_a_password_of_ones_own_is_fine(password: str) -> None:
    check_password(password, "anna@acme.example")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "at least 10"),
        ("tomato123", "at least 10"),
        ("pq" * 251, "at most 500"),
        ("anna.larsson@acme.example", "e-mail"),
        ("Anna.Larsson", "e-mail"),
        ("aaaaaaaaaaaa", "first that anyone tries"),
        ("1212121212", "first that anyone tries"),
        ("1234567890", "first that anyone tries"),
        ("0176-1234567", "first that anyone tries"),
        ("Password123!", "first that anyone tries"),
        ("2024Summer!!", "first that anyone tries"),
        ("qwertyuiop", "first that anyone tries"),
        ("1q2w3e4r5t", "first that anyone tries"),
        ("correct horse battery staple", "first that anyone tries"),
    ],
)
def test_a_guessable_password_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        check_password(password, "anna.larsson@acme.example")


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=40))
def test_any_text_can_be_a_try(text: str) -> None:
    passwords = Passwords(CHEAP)
    assert passwords.verify(passwords.hash(text), text)
    assert not passwords.verify(None, text)
