"""The second factor: codes of an app (TOTP, RFC 6238) and recovery codes, for whoever wants them asked for.

A code is taken once, of this half minute or the ones beside it; tries are throttled by user and address.
"""

import hmac
import re
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import pyotp
import segno
from msgspec import Struct

from socialai.domain.user import User
from socialai.errors import Conflict, InvalidInput, NotSignedIn
from socialai.security.gate import Gate
from socialai.security.permissions import Principal
from socialai.store import second_factors, sessions, sign_ins, users

T = TypeVar("T")

_STEP_SECONDS = 30
_DIGITS = re.compile(r"[0-9]{6}")
_WRONG = "This code is wrong or was used. Take the one your app shows now, or a recovery code."


class Offer(Struct, frozen=True):
    """What the app is to scan: `drawing` is an SVG of `address`; `secret` for whoever types it."""

    secret: str
    address: str
    drawing: str


class State(Struct, frozen=True):
    is_on: bool
    recovery_codes: int


def state(gate: Gate, who: Principal) -> State:
    def read(db: sqlite3.Connection) -> State:
        return State(
            second_factors.is_on(db, who.user_id), second_factors.recovery_codes_left(db, who.user_id)
        )

    return gate.app.read(read)


def offer(gate: Gate, who: Principal, *, anew: bool) -> Offer:
    """The one that is being set up; `anew`, or where there is none, another. Conflict where it is on."""

    def prepare(db: sqlite3.Connection) -> tuple[User, str]:
        user = users.get(db, who.tenant_id, who.user_id)
        if second_factors.is_on(db, user.id):
            raise Conflict("A second factor is on already. Switch it off first.")
        kept = second_factors.secret(db, gate.vault, user.id)
        if kept is None or anew:
            second_factors.offer(db, gate.vault, user.id, kept := pyotp.random_base32())
        return user, kept

    user, secret = gate.app.write(prepare)
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="SocialAI Hub")
    drawing = segno.make(address, error="m").svg_inline(scale=5, border=3, light="#fff", title="QR code")
    return Offer(secret, address, drawing)


def switch_on(gate: Gate, who: Principal, code: str, address: str, keep: str | None) -> tuple[str, ...]:
    """With a code that proves that the app has it. The recovery codes; elsewhere the user is signed out."""

    def turn_on(db: sqlite3.Connection, user: User) -> tuple[str, ...]:
        if second_factors.is_on(db, user.id):
            raise Conflict("A second factor is on already.")
        if not _is_code(db, gate, user.id, code):
            raise NotSignedIn(_WRONG)
        second_factors.confirm(db, user.id, gate.clock())
        sessions.delete_all(db, user.id, keep)
        users.sign_out(db, user.tenant_id, user.id, gate.clock())
        return second_factors.renew_recovery_codes(db, user.id)

    user = gate.app.read(lambda db: users.get(db, who.tenant_id, who.user_id))
    codes = tried(gate, user, address, lambda db: turn_on(db, user))
    gate.signer.refresh()
    return codes


def switch_off(gate: Gate, who: Principal, code: str, address: str) -> None:
    user = gate.app.read(lambda db: users.get(db, who.tenant_id, who.user_id))

    def turn_off(db: sqlite3.Connection) -> None:
        check(gate, db, user.id, code)
        second_factors.remove(db, user.id)

    tried(gate, user, address, turn_off)


def renew_recovery_codes(gate: Gate, who: Principal, code: str, address: str) -> tuple[str, ...]:
    user = gate.app.read(lambda db: users.get(db, who.tenant_id, who.user_id))

    def renew(db: sqlite3.Connection) -> tuple[str, ...]:
        check(gate, db, user.id, code)
        return second_factors.renew_recovery_codes(db, user.id)

    return tried(gate, user, address, renew)


def reset(gate: Gate, db: sqlite3.Connection, user_id: int) -> None:
    """For somebody who lost app and recovery codes; who may say so is `accounts`' to decide."""
    second_factors.remove(db, user_id)
    sign_ins.clear(db, gate.code_subject(user_id))


def tried(gate: Gate, user: User, address: str, run: Callable[[sqlite3.Connection], T]) -> T:
    """`run` checks a code in one transaction. The try is counted first and taken back when it was right."""
    code, network = gate.code_subject(user.id), gate.address_subject(address)
    tries = gate.app.write(lambda db: sign_ins.begin(db, (code, network), gate.clock()))

    def take(db: sqlite3.Connection) -> T:
        done = run(db)
        sign_ins.take_back(db, tries)
        sign_ins.clear(db, code)
        return done

    return gate.app.write(take)


def check(gate: Gate, db: sqlite3.Connection, user_id: int, code: str) -> None:
    """NotSignedIn unless this is a code of the user that nobody has used; it is used then."""
    if not second_factors.is_on(db, user_id):
        raise InvalidInput("No second factor is on.")
    if not (_is_code(db, gate, user_id, code) or second_factors.take_recovery_code(db, user_id, code)):
        raise NotSignedIn(_WRONG)


def _is_code(db: sqlite3.Connection, gate: Gate, user_id: int, code: str) -> bool:
    code = "".join(code.split())
    if not _DIGITS.fullmatch(code) or (secret := second_factors.secret(db, gate.vault, user_id)) is None:
        return False
    step = _step_of(pyotp.TOTP(secret), code, gate.clock())
    return step is not None and second_factors.take_step(db, user_id, step)


def _step_of(totp: pyotp.TOTP, code: str, now: datetime) -> int | None:
    """Clocks of phones may be half a minute off."""
    this = int(now.timestamp()) // _STEP_SECONDS
    near = (this, this - 1, this + 1)
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step), code)), None)
