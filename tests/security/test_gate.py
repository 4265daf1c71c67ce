from typing import Any

import pytest

from socialai.domain.user import User
from socialai.security.gate import Gate, sweep
from socialai.store import sessions


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_addresses_one_customer_can_choose_from_are_one(gate: Gate, one: str, other: str) -> None:
    assert gate.address_subject(one) == gate.address_subject(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("192.0.2.7", "192.0.2.8"),
        ("testclient", ""),
    ],
)
def test_other_addresses_are_others(gate: Gate, one: str, other: str) -> None:
    assert gate.address_subject(one) != gate.address_subject(other)


def test_an_address_is_no_e_mail_and_neither_is_kept_readable(gate: Gate) -> None:
    assert gate.email_subject("x").key != gate.address_subject("x").key
    assert "x" not in gate.email_subject("x").key


def test_the_sweep_forgets_only_what_has_expired(gate: Gate, people: dict[str, User], clock: Any) -> None:
    old = gate.app.write(lambda db: sessions.create(db, people["anna"].id, clock(), 1))
    clock.wait(minutes=30)
    new = gate.app.write(lambda db: sessions.create(db, people["anna"].id, clock(), 1))
    clock.wait(minutes=30)
    sweep(gate)
    assert gate.app.read(lambda db: sessions.find(db, new, clock()))
    assert gate.app.read(lambda db: sessions.find(db, old, clock())) is None
    assert (
        gate.app.read(lambda db: db.execute("select count(*) from session").fetchone()[0]) == 2
    )  # and rita's
