"""Signing in: throttle, then argon2 outside any transaction, then one transaction that lets the user in.

Who has a second factor is half in then, and all the way with a code.
"""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from socialai.domain.user import User
from socialai.errors import Conflict, NotSignedIn, TooManyTries
from socialai.security import second_factor
from socialai.security.gate import Gate
from socialai.security.tokens import Token
from socialai.store import half_sessions, second_factors, sessions, sign_ins, users
from socialai.store.sign_ins import Subject
from socialai.store.users import Credentials

T = TypeVar("T")
LetIn = Callable[[sqlite3.Connection, User], T]


class SignedIn(Struct, frozen=True):
    user: User
    session_token: str


class HalfIn(Struct, frozen=True):
    """The password was right; `token` and a code within ten minutes let in."""

    token: str


def sign_in(gate: Gate, email: str, password: str, address: str) -> SignedIn | HalfIn:
    """A new session for the pages, or NotSignedIn, TooManyTries."""
    return prove(gate, email, password, address, _unless_guarded(gate, _open_session(gate)))


def finish_sign_in(gate: Gate, token: str, code: str, address: str) -> SignedIn:
    """With a code; NotSignedIn: it is wrong. Conflict: the password was too long ago."""
    return _finish(gate, token, code, address, _open_session(gate))


def sign_in_for_token(gate: Gate, email: str, password: str, address: str, code: str = "") -> Token:
    """A token for the API, or NotSignedIn, TooManyTries."""

    def issue(_: sqlite3.Connection, user: User) -> Token:
        return gate.signer.issue(user)

    entered = prove(gate, email, password, address, _unless_guarded(gate, issue))
    if not isinstance(entered, HalfIn):
        return entered
    if not code:
        raise NotSignedIn("This account has a second factor: send a code of its app as 'code' as well.")
    return _finish(gate, entered.token, code, address, issue)


def open_session(gate: Gate, user: User) -> SignedIn:
    """For a user who has just been made."""
    return gate.app.write(lambda db: _open_session(gate)(db, user))


def _open_session(gate: Gate) -> LetIn[SignedIn]:
    def run(db: sqlite3.Connection, user: User) -> SignedIn:
        return SignedIn(user, sessions.create(db, user.id, gate.clock(), gate.session_hours))

    return run


def _unless_guarded(gate: Gate, let_in: LetIn[T]) -> LetIn[T | HalfIn]:
    def run(db: sqlite3.Connection, user: User) -> T | HalfIn:
        if second_factors.is_on(db, user.id):
            return HalfIn(half_sessions.create(db, user.id, gate.clock()))
        return let_in(db, user)

    return run


def _finish(gate: Gate, token: str, code: str, address: str, let_in: LetIn[T]) -> T:
    def run(db: sqlite3.Connection) -> T:
        user = _half_in(gate, db, token)
        second_factor.check(gate, db, user.id, code)
        half_sessions.delete(db, token)
        return let_in(db, user)

    user = gate.app.read(lambda db: _half_in(gate, db, token))
    return second_factor.tried(gate, user, address, run)


def _half_in(gate: Gate, db: sqlite3.Connection, token: str) -> User:
    user = half_sessions.find_user(db, token, gate.clock())
    if user is None:
        raise Conflict("This took too long. Give your password again.")
    return user


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
