from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from socialai.domain.user import User
from socialai.errors import HubError, NotSignedIn, TooManyTries
from socialai.security import accounts
from socialai.security.gate import Gate, sweep
from socialai.security.passwords import Passwords
from socialai.security.permissions import Principal
from socialai.security.sign_in import prove, sign_in, sign_in_for_token
from socialai.store import sessions, users

ANNA = "anna@acme.example"
HERE = "192.0.2.7"


def fail(gate: Gate, email: str = ANNA, address: str = HERE, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn, match=r"^The e-mail address or the password is wrong\.$"):
            sign_in(gate, email, "not the password", address)


def wait_of(gate: Gate, email: str = ANNA, address: str = HERE, password: str = "not it") -> int:
    with pytest.raises(TooManyTries) as error:
        sign_in(gate, email, password, address)
    return error.value.retry_after


def test_the_right_password_opens_a_session_of_that_user(
    gate: Gate, people: dict[str, User], password: str
) -> None:
    signed_in = sign_in(gate, " Anna@ACME.example ", password, HERE)
    session = gate.app.read(lambda db: sessions.find(db, signed_in.session_token, gate.clock()))
    assert session is not None
    assert session.user == signed_in.user == people["anna"]
    assert session.expires_at - session.opened_at == timedelta(days=14)


def test_it_gives_the_api_a_token(gate: Gate, people: dict[str, User], password: str) -> None:
    token = sign_in_for_token(gate, ANNA, password, HERE)
    assert gate.signer.verify(token.text).user_id == people["anna"].id


def test_unknown_disabled_and_wrong_are_told_in_the_same_words(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], password: str
) -> None:
    accounts.disable(gate, actors["olga"], people["vera"].id)
    fail(gate, "nobody@acme.example")
    fail(gate, ANNA)
    with pytest.raises(NotSignedIn, match=r"^The e-mail address or the password is wrong\.$"):
        sign_in(gate, "vera@acme.example", password, HERE)


class Counting(PasswordHasher):
    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checks = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.checks += 1
        return super().verify(hash, password)


def test_a_known_and_an_unknown_address_take_the_same_work(gate: Gate) -> None:
    work = []
    for email in (ANNA, "nobody@acme.example"):
        hasher = Counting()
        fail(replace(gate, passwords=Passwords(hasher)), email)
        work.append(hasher.checks)
    assert work == [1, 1]


def test_the_fifth_failure_makes_everyone_wait_and_each_more_doubles_it(gate: Gate, clock: Any) -> None:
    fail(gate, times=5)
    waits = []
    for _ in range(3):
        waits.append(wait_of(gate))
        clock.wait(seconds=waits[-1])
        fail(gate)
    assert waits == [30, 60, 120]


def test_a_throttled_try_with_the_right_password_is_refused_and_does_not_lengthen_the_wait(
    gate: Gate, clock: Any, password: str
) -> None:
    fail(gate, times=5)
    clock.wait(seconds=10)
    assert wait_of(gate, password=password) == 20
    assert wait_of(gate, password=password) == 20
    clock.wait(seconds=20)
    assert sign_in(gate, ANNA, password, HERE)


def test_the_wait_is_told_in_words(gate: Gate) -> None:
    fail(gate, times=5)
    with pytest.raises(TooManyTries, match=r"Wait 30 seconds, then try again\."):
        sign_in(gate, ANNA, "not it", HERE)


def test_an_unknown_address_is_throttled_in_the_same_way(gate: Gate) -> None:
    fail(gate, "nobody@acme.example", times=5)
    assert wait_of(gate, "nobody@acme.example") == 30


def test_writing_the_address_otherwise_does_not_help(gate: Gate) -> None:
    fail(gate, times=3)
    fail(gate, " ANNA@acme.example", times=2)
    assert wait_of(gate, "Anna@Acme.Example ") == 30


def test_one_persons_failures_do_not_stop_another(gate: Gate, password: str) -> None:
    fail(gate, times=5)
    assert sign_in(gate, "olga@acme.example", password, HERE)


def test_success_clears_the_persons_failures(gate: Gate, password: str) -> None:
    fail(gate, times=4)
    sign_in(gate, ANNA, password, HERE)
    fail(gate, times=4)
    assert sign_in(gate, ANNA, password, HERE)


def test_one_address_trying_many_people_has_to_wait_even_after_a_success(gate: Gate, password: str) -> None:
    for number in range(19):
        fail(gate, f"someone{number}@acme.example")
    sign_in(gate, ANNA, password, HERE)
    fail(gate, "someone19@acme.example")
    assert wait_of(gate, "olga@acme.example", password=password) == 30
    assert sign_in(gate, "olga@acme.example", password, "198.51.100.1")


def test_failures_are_forgotten_after_a_quarter_of_an_hour(gate: Gate, clock: Any) -> None:
    fail(gate, times=4)
    clock.wait(minutes=15)
    fail(gate, times=4)
    assert rows(gate) == 16
    clock.wait(minutes=15)
    sweep(gate)
    assert rows(gate) == 0


def rows(gate: Gate) -> int:
    return int(gate.app.read(lambda db: db.execute("select count(*) from sign_in_failure").fetchone()[0]))


def test_many_tries_at_once_are_no_way_around_it(gate: Gate) -> None:
    def attempt(_: int) -> str:
        try:
            sign_in(gate, ANNA, "not it", HERE)
        except HubError as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(40)))
    assert outcomes.count("NotSignedIn") == 5
    assert outcomes.count("TooManyTries") == 35


class Full(Passwords):
    def verify(self, password_hash: str | None, password: str) -> bool:
        raise TooManyTries("full", 3)


def test_a_try_that_found_no_place_is_not_counted(gate: Gate) -> None:
    with pytest.raises(TooManyTries, match="full"):
        sign_in(replace(gate, passwords=Full()), ANNA, "anything", HERE)
    assert rows(gate) == 0


def test_neither_addresses_nor_what_was_typed_can_be_read_in_the_table(gate: Gate) -> None:
    fail(gate, "my-password-in-the-wrong-field")
    kept = gate.app.read(lambda db: db.execute("select subject from sign_in_failure").fetchall())
    assert all(len(row["subject"]) == 64 for row in kept)


def test_a_password_changed_while_it_was_checked_does_not_let_in(
    gate: Gate, people: dict[str, User], password: str
) -> None:
    class Slow(Passwords):
        def verify(self, password_hash: str | None, given: str) -> bool:
            anna = people["anna"].id
            gate.app.write(lambda db: users.change_password(db, "acme", anna, "new", gate.clock()))
            return gate.passwords.verify(password_hash, given)

    with pytest.raises(NotSignedIn):
        sign_in(replace(gate, passwords=Slow()), ANNA, password, HERE)
    assert rows(gate) == 2


def test_a_hash_of_older_parameters_is_renewed_on_the_way_in(gate: Gate, password: str) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    sign_in(replace(gate, passwords=Passwords(stronger)), ANNA, password, HERE)
    known = gate.app.read(lambda db: users.find_credentials(db, ANNA))
    assert known is not None
    assert extract_parameters(known.password_hash).time_cost == 2
    assert sign_in(gate, ANNA, password, HERE)


def test_what_fails_while_letting_in_counts_as_a_try_and_leaves_nothing(gate: Gate, password: str) -> None:
    def refuse(db: object, user: User) -> None:
        raise NotSignedIn("not now")

    with pytest.raises(NotSignedIn, match="not now"):
        prove(gate, ANNA, password, HERE, refuse)
    assert rows(gate) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@example("\ud800@acme.example", "\ud800", "\ud800")
@example("\x00", "\x00", "\x00")
@given(*[st.text(alphabet=st.characters(exclude_categories=()), max_size=30)] * 3)
def test_no_text_does_more_than_be_refused(gate: Gate, email: str, password: str, address: str) -> None:
    with pytest.raises((NotSignedIn, TooManyTries)):
        sign_in(gate, email, password, address)
