from datetime import timedelta
from typing import Any

import pyotp
import pytest

from socialai.domain.user import User
from socialai.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn, TooManyTries
from socialai.security import accounts, second_factor
from socialai.security.gate import Gate
from socialai.security.permissions import Principal
from socialai.security.sign_in import HalfIn, SignedIn, finish_sign_in, sign_in, sign_in_for_token
from socialai.store import second_factors, sessions

ANNA = "anna@acme.example"
HERE = "192.0.2.7"
WRONG = "This code is wrong"


class Phone:
    """The app of somebody, on the gate's own clock."""

    def __init__(self, gate: Gate, secret: str) -> None:
        self._gate = gate
        self._totp = pyotp.TOTP(secret)

    def code(self, later: int = 0) -> str:
        return self._totp.at(self._gate.clock() + timedelta(seconds=30 * later))


@pytest.fixture
def phone(gate: Gate, actors: dict[str, Principal]) -> Phone:
    """Anna's, not confirmed yet."""
    return Phone(gate, second_factor.offer(gate, actors["anna"], anew=False).secret)


@pytest.fixture
def codes(gate: Gate, actors: dict[str, Principal], phone: Phone, clock: Any) -> tuple[str, ...]:
    """Anna's recovery codes: her second factor is on."""
    codes = second_factor.switch_on(gate, actors["anna"], phone.code(), HERE, None)
    clock.wait(seconds=30)
    return codes


def half(gate: Gate, password: str) -> str:
    entered = sign_in(gate, ANNA, password, HERE)
    assert isinstance(entered, HalfIn)
    return entered.token


def test_a_password_alone_lets_in_until_a_code_has_proved_the_phone(
    gate: Gate, phone: Phone, password: str
) -> None:
    assert isinstance(sign_in(gate, ANNA, password, HERE), SignedIn)


def test_the_offer_is_what_apps_scan_and_stays_the_same_until_another_is_wanted(
    gate: Gate, actors: dict[str, Principal]
) -> None:
    first, again = (second_factor.offer(gate, actors["anna"], anew=False) for _ in range(2))
    assert first == again
    assert first.address.startswith("otpauth://totp/SocialAI%20Hub:anna%40acme.example?secret=")
    assert first.drawing.startswith("<svg")
    assert second_factor.offer(gate, actors["anna"], anew=True).secret != first.secret


def test_a_code_is_asked_for_and_lets_in_once(
    gate: Gate, codes: tuple[str, ...], phone: Phone, people: dict[str, User], password: str
) -> None:
    code = phone.code()
    entered = finish_sign_in(gate, half(gate, password), f" {code[:3]} {code[3:]} ", HERE)
    assert entered.user.id == people["anna"].id
    waiting = half(gate, password)
    with pytest.raises(NotSignedIn, match=WRONG):
        finish_sign_in(gate, waiting, code, HERE)
    assert finish_sign_in(gate, waiting, phone.code(1), HERE)
    with pytest.raises(Conflict, match="too long"):
        finish_sign_in(gate, waiting, phone.code(1), HERE)


def test_a_phone_half_a_minute_off_works_and_a_minute_off_does_not(
    gate: Gate, codes: tuple[str, ...], phone: Phone, password: str, clock: Any
) -> None:
    clock.wait(minutes=5)
    with pytest.raises(NotSignedIn, match=WRONG):
        finish_sign_in(gate, half(gate, password), phone.code(-2), HERE)
    assert finish_sign_in(gate, half(gate, password), phone.code(-1), HERE)
    assert finish_sign_in(gate, half(gate, password), phone.code(1), HERE)
    with pytest.raises(NotSignedIn, match=WRONG):
        finish_sign_in(gate, half(gate, password), phone.code(), HERE)  # older than one that was taken


def test_a_recovery_code_lets_in_once(gate: Gate, codes: tuple[str, ...], password: str) -> None:
    assert len(set(codes)) == second_factors.RECOVERY_CODES
    assert finish_sign_in(gate, half(gate, password), codes[0].upper().replace("-", " "), HERE)
    with pytest.raises(NotSignedIn, match=WRONG):
        finish_sign_in(gate, half(gate, password), codes[0], HERE)


def test_neither_secret_nor_recovery_codes_can_be_read_in_the_file(
    gate: Gate, codes: tuple[str, ...], people: dict[str, User]
) -> None:
    secret = gate.app.read(lambda db: second_factors.secret(db, gate.vault, people["anna"].id))
    assert secret
    kept = str(
        [
            gate.app.read(lambda db, t=table: [tuple(row) for row in db.execute(f"select * from {t}")])
            for table in ("hub_secret", "second_factor", "recovery_code")
        ]
    )
    assert "second-factor/" in kept
    assert not [text for text in (secret, *codes, codes[0].replace("-", "")) if text in kept]


def test_waiting_for_a_code_ends_after_ten_minutes_and_with_a_new_password(
    gate: Gate, codes: tuple[str, ...], actors: dict[str, Principal], people: dict[str, User],
    phone: Phone, password: str, clock: Any,
) -> None:  # fmt: skip
    waiting = half(gate, password)
    clock.wait(minutes=10)
    with pytest.raises(Conflict):
        finish_sign_in(gate, waiting, phone.code(), HERE)
    waiting = half(gate, password)
    accounts.reset_password(gate, actors["olga"], people["anna"].id, "a new green tomato")
    with pytest.raises(Conflict):
        finish_sign_in(gate, waiting, phone.code(), HERE)


def test_guessing_codes_has_to_wait_whatever_the_way_and_whoever_knows_the_password(
    gate: Gate, codes: tuple[str, ...], phone: Phone, password: str, clock: Any
) -> None:
    for number in range(3):
        with pytest.raises(NotSignedIn, match=WRONG):
            finish_sign_in(gate, half(gate, password), "000000", f"198.51.100.{number}")
    for number in range(2):
        with pytest.raises(NotSignedIn, match=WRONG):
            sign_in_for_token(gate, ANNA, password, f"203.0.113.{number}", "000000")
    with pytest.raises(TooManyTries) as error:
        finish_sign_in(gate, half(gate, password), phone.code(), HERE)
    clock.wait(seconds=error.value.retry_after)
    assert finish_sign_in(gate, half(gate, password), phone.code(), HERE)


def test_the_api_asks_for_the_code_too(
    gate: Gate, codes: tuple[str, ...], phone: Phone, password: str
) -> None:
    with pytest.raises(NotSignedIn, match="'code'"):
        sign_in_for_token(gate, ANNA, password, HERE)
    assert sign_in_for_token(gate, ANNA, password, HERE, phone.code()).text


def test_switching_it_on_signs_out_everywhere_else(
    gate: Gate, actors: dict[str, Principal], phone: Phone, password: str
) -> None:
    here, elsewhere = (sign_in(gate, ANNA, password, HERE) for _ in range(2))
    assert isinstance(here, SignedIn)
    assert isinstance(elsewhere, SignedIn)
    second_factor.switch_on(gate, actors["anna"], phone.code(), HERE, here.session_token)
    found = [
        gate.app.read(lambda db, token=each.session_token: sessions.find(db, token, gate.clock()))
        for each in (here, elsewhere)
    ]
    assert [bool(session) for session in found] == [True, False]


def test_it_is_switched_off_and_renewed_with_a_code_only(
    gate: Gate, codes: tuple[str, ...], actors: dict[str, Principal], phone: Phone, password: str
) -> None:
    for deed in (second_factor.switch_off, second_factor.renew_recovery_codes):
        with pytest.raises(NotSignedIn, match=WRONG):
            deed(gate, actors["anna"], "000000", HERE)
    renewed = second_factor.renew_recovery_codes(gate, actors["anna"], codes[1], HERE)
    with pytest.raises(NotSignedIn, match=WRONG):
        second_factor.switch_off(gate, actors["anna"], codes[2], HERE)
    second_factor.switch_off(gate, actors["anna"], renewed[0], HERE)
    assert isinstance(sign_in(gate, ANNA, password, HERE), SignedIn)
    with pytest.raises(InvalidInput, match="No second factor"):
        second_factor.switch_off(gate, actors["anna"], renewed[1], HERE)


def test_who_lost_everything_is_helped_by_the_team_and_by_nobody_below_them(
    gate: Gate, codes: tuple[str, ...], actors: dict[str, Principal], people: dict[str, User], password: str
) -> None:
    anna = people["anna"].id
    for actor, refusal in (("vera", NotAllowed), ("rita", NotFound), ("anna", InvalidInput)):
        with pytest.raises(refusal):
            accounts.reset_second_factor(gate, actors[actor], anna)
    assert isinstance(sign_in(gate, ANNA, password, HERE), HalfIn)
    accounts.reset_second_factor(gate, actors["adam"], anna)
    assert isinstance(sign_in(gate, ANNA, password, HERE), SignedIn)
