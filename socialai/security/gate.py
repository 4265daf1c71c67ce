"""What coming in needs, built once; the functions of `sign_in` and `accounts` take it first."""

import hmac
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from msgspec import Struct

from socialai.domain.clock import Clock, utc_now
from socialai.security.passwords import Passwords
from socialai.security.tokens import TokenSigner
from socialai.settings import Settings
from socialai.store import sessions, sign_ins
from socialai.store.db import Database
from socialai.store.sign_ins import Subject
from socialai.store.vault import Vault

_EMAIL_LIMIT = 5
_ADDRESS_LIMIT = 20
"""More than of an e-mail address: a whole office, or everyone behind a proxy, shares one."""


class Gate(Struct, frozen=True, kw_only=True):
    app: Database
    passwords: Passwords
    signer: TokenSigner
    session_hours: float
    throttle_key: bytes
    vault: Vault
    clock: Clock

    def email_subject(self, email: str) -> Subject:
        return Subject(self._hidden(f"email:{email}"), _EMAIL_LIMIT)

    def code_subject(self, user_id: int) -> Subject:
        """Of the codes of a user: knowing the password gives no more tries at them."""
        return Subject(self._hidden(f"code:{user_id}"), _EMAIL_LIMIT)

    def address_subject(self, address: str) -> Subject:
        return Subject(self._hidden(f"address:{_network(address)}"), _ADDRESS_LIMIT)

    def _hidden(self, text: str) -> str:
        """Keyed: people type passwords into the e-mail field, and those must not be guessable from here."""
        return hmac.digest(self.throttle_key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def build_gate(
    app: Database,
    vault: Vault,
    settings: Settings,
    clock: Clock = utc_now,
    passwords: Passwords | None = None,
) -> Gate:
    issuer = settings.public_url or "socialai-hub"
    return Gate(
        app=app,
        passwords=passwords or Passwords(),
        signer=TokenSigner(app, vault, issuer, timedelta(minutes=settings.token_minutes), clock),
        session_hours=settings.session_hours,
        throttle_key=vault.derive("sign-in"),
        vault=vault,
        clock=clock,
    )


def sweep(gate: Gate) -> None:
    """Forget what has expired and learn what other processes changed; every minute."""
    gate.app.write(lambda db: sessions.sweep(db, gate.clock()))
    gate.app.write(lambda db: sign_ins.sweep(db, gate.clock()))
    gate.signer.sweep()


def _network(address: str) -> str:
    """An IPv6 customer has a whole /64 to come from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> 64)
    return str(parsed)
