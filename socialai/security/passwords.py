"""Passwords: argon2id, one at a time, and a rule against the guessable ones."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from socialai.errors import InvalidInput, TooManyTries

MIN_LENGTH = 10
MAX_LENGTH = 500
_MIN_DIFFERENT = 5
_WAITING = 8

# What people take when ten characters are asked for: one of these, mostly with digits before or after it.
_COMMONEST = frozenset(
    """
    a aa q qq qwe qwer qwert qwerty qwertyui qwertyuiop qwertz qwertzuiop azerty azertyuiop asd asdf asdfgh
    asdfghjkl zxcvbn zxcvbnm yxcvbnm qazwsx qazwsxedc 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 1qaz2wsx3edc abc abcd
    abcde abcdef abcdefgh abcdefghij abcdefghijk password passwort passw0rd p4ssw0rd p4ssword mypassword
    newpassword yourpassword thepassword passwordpassword contraseña motdepasse wachtwoord salasana senha
    secret changeme changemenow letmein letmeinnow welcome hello login admin administrator adminadmin root
    rootroot test testtest testing temporary temp default user guest master iloveyou loveyou love princess
    sunshine football baseball superman batman dragon monkey shadow trustno starwars whatever computer
    internet facebook instagram google samsung company spring summer autumn winter january december monday
    michael jessica charlie jordan daniel socialai socialaihub correcthorsebatterystaple
    """.split()
)


class Passwords:
    """argon2id with the module's parameters (RFC 9106's second choice: 64 MiB, 3 passes)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._impossible = _impossible_hash(self._hasher)
        self._places = threading.BoundedSemaphore(_WAITING)
        self._running = threading.Lock()

    def hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(_bytes(password))

    def verify(self, password_hash: str | None, password: str) -> bool:
        """False also for no hash, after the same time: nobody learns whether an account exists."""
        with self._turn():
            try:
                return self._hasher.verify(password_hash or self._impossible, _bytes(password))
            except VerifyMismatchError:
                return False

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One at a time (each takes 64 MiB and every core), few wait: a flood must not take all threads."""
        if not self._places.acquire(blocking=False):
            raise TooManyTries("Many people are signing in just now. Try again in a few seconds.", 3)
        try:
            with self._running:
                yield
        finally:
            self._places.release()


def check_password(password: str, email: str) -> None:
    """InvalidInput, saying why, for a password that is too easy to guess."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(plain) < MIN_LENGTH:
        raise InvalidInput(f"A password has at least {MIN_LENGTH} characters. A few words in a row are good.")
    if len(plain) > MAX_LENGTH:
        raise InvalidInput(f"A password has at most {MAX_LENGTH} characters.")
    if plain.strip() in (email.casefold(), email.casefold().partition("@")[0]):
        raise InvalidInput("The password must not be the e-mail address.")
    if len(set(plain)) < _MIN_DIFFERENT or _is_common(plain):
        raise InvalidInput("This password is one of the first that anyone tries. Choose another.")


def _is_common(plain: str) -> bool:
    word = "".join(character for character in plain if character.isalnum())
    return word.isdecimal() or not {word, word.strip("0123456789")}.isdisjoint(_COMMONEST)


def _bytes(password: str) -> bytes:
    """The same bytes however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _impossible_hash(hasher: PasswordHasher) -> str:
    """A hash that costs as much to check as a real one and that no password has."""
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = "A" * -(-hasher.salt_len * 4 // 3), "A" * -(-hasher.hash_len * 4 // 3)
    return f"$argon2id$v=19${costs}${salt}${digest}"
