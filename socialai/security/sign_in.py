"""Signing in: throttle, then argon2 outside any transaction, then one transaction that lets the user in."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from socialai.domain.user import User
from socialai.errors import NotSignedIn, TooManyTries
from socialai.security.gate import Gate
from socialai.security.tokens import Token
from socialai.store import sessions, sign_ins, users
from socialai.store.sign_ins import Subject
from socialai.store.users import Credentials

T = TypeVar("T")
LetIn = Callable[[sqlite3.Connection, User], T]


class SignedIn(Struct, frozen=True):
    user: User
    session_token: str


def sign_in(gate: Gate, email: str, password: str, address: str) -> SignedIn:
    """A new session for the pages, or NotSignedIn, TooManyTries."""

    def open_session(db: sqlite3.Connection, user: User) -> SignedIn:
        return SignedIn(user, sessions.create(db, user.id, gate.clock(), gate.session_hours))

    return prove(gate, email, password, address, open_session)


def sign_in_for_token(gate: Gate, email: str, password: str, address: str) -> Token:
    """A token for the API, or NotSignedIn, TooManyTries."""
    return prove(gate, email, password, address, lambda _, user: gate.signer.issue(user))


def prove(gate: Gate, email: str, password: str, address: str, let_in: LetIn[T]) -> T:
    """Run `let_in` in the transaction that finds the password still right."""
    email = email.strip().lower().encode("utf-8", "replace").decode()  # SQLite takes no half characters
    subjects = (gate.email_subject(email), gate.address_subject(address))
    tries = gate.app.write(lambda db: sign_ins.begin(db, subjects, gate.clock()))
    known = gate.app.read(lambda db: users.find_credentials(db, email))
    try:
        right = gate.passwords.verify(known.password_hash if known else None, password)
        newer = _newer_hash(gate, known, password) if right and known else None
    except TooManyTries:
        gate.app.write(lambda db: sign_ins.take_back(db, tries))
        raise
    if not right or known is None:
        raise _wrong()
    found = known
    return gate.app.write(lambda db: _enter(db, found, newer, subjects[0], tries, let_in))


def _newer_hash(gate: Gate, known: Credentials, password: str) -> str | None:
    return gate.passwords.hash(password) if gate.passwords.is_outdated(known.password_hash) else None


def _enter(
    db: sqlite3.Connection,
    known: Credentials,
    newer: str | None,
    email: Subject,
    tries: tuple[int, ...],
    let_in: LetIn[T],
) -> T:
    now = users.find_credentials(db, known.user.email)
    if now is None or now.password_hash != known.password_hash:
        raise _wrong()
    sign_ins.take_back(db, tries)
    sign_ins.clear(db, email)
    if newer:
        users.rehash(db, known.user.id, known.password_hash, newer)
    return let_in(db, now.user)


def _wrong() -> NotSignedIn:
    return NotSignedIn("The e-mail address or the password is wrong.")
