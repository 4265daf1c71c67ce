"""Tokens that are taken back, keys that change, and other installations."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from socialai.domain.user import User
from socialai.errors import NotSignedIn
from socialai.security import accounts
from socialai.security.gate import Gate, build_gate
from socialai.security.permissions import Principal
from socialai.security.tokens import TokenSigner
from socialai.settings import Settings
from socialai.store import users
from socialai.store.db import Database
from socialai.store.migrate import migrate
from socialai.store.vault import Vault
from tests.security.forging import refuse

HOUR = timedelta(hours=1)
Forge = Callable[..., str]


def test_a_revoked_one_is_refused_also_after_a_restart(
    gate: Gate, people: dict[str, User], vault: Vault, clock: Any
) -> None:
    gone, stays = gate.signer.issue(people["anna"]), gate.signer.issue(people["anna"])
    gate.signer.revoke(gone.claims)
    gate.signer.revoke(gone.claims)
    restarted = TokenSigner(gate.app, vault, "socialai-hub", HOUR, clock)
    for signer in (gate.signer, restarted):
        with pytest.raises(NotSignedIn, match="taken back"):
            signer.verify(gone.text)
        assert signer.verify(stays.text) == stays.claims


def test_a_revocation_is_kept_only_as_long_as_it_is_needed(
    gate: Gate, people: dict[str, User], clock: Any
) -> None:
    token = gate.signer.issue(people["anna"])
    gate.signer.revoke(token.claims)
    clock.wait(hours=1, seconds=9)
    gate.signer.sweep()
    refuse(gate, token.text)
    assert count(gate, "revoked_token") == 1
    clock.wait(seconds=2)
    gate.signer.sweep()
    refuse(gate, token.text)
    assert count(gate, "revoked_token") == 0


def count(gate: Gate, table: str) -> int:
    return int(gate.app.read(lambda db: db.execute(f"select count(*) from {table}").fetchone()[0]))


@pytest.mark.parametrize(
    "what", ["disable", "change_role", "reset_password", "change_password", "sign_out_everywhere"]
)
def test_what_is_taken_from_a_user_ends_their_tokens_and_no_others(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], clock: Any, what: str, password: str
) -> None:
    tokens = {name: gate.signer.issue(people[name]) for name in ("anna", "vera", "rita")}
    clock.wait(seconds=5)
    anna = people["anna"].id
    match what:
        case "disable":
            accounts.disable(gate, actors["adam"], anna)
        case "change_role":
            accounts.change_role(gate, actors["adam"], anna, "viewer")
        case "reset_password":
            accounts.reset_password(gate, actors["adam"], anna, password + " hot")
        case "change_password":
            accounts.change_password(gate, actors["anna"], password, password + " hot", "192.0.2.7")
        case "sign_out_everywhere":
            accounts.sign_out_everywhere(gate, actors["anna"])
    with pytest.raises(NotSignedIn, match="taken back"):
        gate.signer.verify(tokens["anna"].text)
    for name in ("vera", "rita"):
        gate.signer.verify(tokens[name].text)


def test_a_token_issued_in_the_second_of_a_sign_out_is_good_and_one_before_it_is_not(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], clock: Any
) -> None:
    before = gate.signer.issue(people["anna"])
    clock.wait(milliseconds=200)
    accounts.sign_out_everywhere(gate, actors["anna"])
    clock.wait(milliseconds=200)
    anna = gate.app.read(lambda db: users.get(db, "acme", people["anna"].id))
    after = gate.signer.issue(anna)
    refuse(gate, before.text)
    assert gate.signer.verify(after.text) == after.claims


def test_a_rotated_key_verifies_until_its_last_token_has_expired_and_is_dropped(
    gate: Gate, people: dict[str, User], kid: str, clock: Any
) -> None:
    old = gate.signer.issue(people["anna"])
    clock.wait(minutes=59)
    new_kid = gate.signer.rotate()
    new = gate.signer.issue(people["anna"])
    assert jwt.get_unverified_header(new.text)["kid"] == new_kid != kid
    assert {key["kid"] for key in gate.signer.jwks()["keys"]} == {kid, new_kid}
    gate.signer.sweep()
    gate.signer.verify(old.text)
    gate.signer.verify(new.text)
    clock.wait(minutes=70, seconds=11)
    gate.signer.sweep()
    assert [key["kid"] for key in gate.signer.jwks()["keys"]] == [new_kid]
    with pytest.raises(NotSignedIn, match="or no longer"):
        gate.signer.verify(old.text)


def test_what_another_process_changed_is_known_after_a_refresh(
    gate: Gate, people: dict[str, User], vault: Vault, clock: Any
) -> None:
    other = TokenSigner(gate.app, vault, "socialai-hub", HOUR, clock)
    other.rotate()
    token = other.issue(people["anna"])
    refuse(gate, token.text)
    gate.signer.refresh()
    assert gate.signer.verify(token.text) == token.claims
    other.revoke(token.claims)
    gate.signer.refresh()
    refuse(gate, token.text)


def test_verifying_asks_no_database(gate: Gate, people: dict[str, User]) -> None:
    token = gate.signer.issue(people["anna"])
    gate.app.rest()
    gate.signer.verify(token.text)
    refuse(gate, token.text + "x")
    assert not gate.app.is_open


def test_two_programs_that_start_at_once_share_one_key(tmp_path: Path, vault: Vault, clock: Any) -> None:
    path = tmp_path / "new.db"
    migrate(path, "app")
    first, second = Database(path), Database(path)
    signers = [TokenSigner(app, vault, "socialai-hub", HOUR, clock) for app in (first, second)]
    assert signers[0].jwks() == signers[1].jwks()
    assert len(signers[0].jwks()["keys"]) == 1
    first.rest()
    second.rest()


def test_another_installations_token_is_refused(
    gate: Gate, tmp_path: Path, people: dict[str, User], clock: Any
) -> None:
    path = tmp_path / "other.db"
    migrate(path, "app")
    other = Database(path)
    token = TokenSigner(other, Vault(b"o" * 32), "socialai-hub", HOUR, clock).issue(people["olga"])
    refuse(gate, token.text)
    other.rest()


def test_the_private_key_is_not_readable_in_the_file(gate: Gate, private: rsa.RSAPrivateKey) -> None:
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    gate.app.rest()
    raw = gate.app.path.read_bytes()
    assert b"PUBLIC KEY" in raw
    assert b"PRIVATE KEY" not in raw
    assert der[100:160] not in raw


def test_with_another_secret_key_a_new_key_signs_and_old_tokens_are_still_good(
    cast_file: Path, tmp_path: Path, vault: Vault, clock: Any
) -> None:
    """Who lost secret.key has lost the channels' credentials, not the way into the hub."""
    app = Database(Path(shutil.copy(cast_file, tmp_path / "app.db")))
    user = app.read(lambda db: users.users(db, "acme"))[0]
    old = build_gate(app, vault, Settings(data_dir=tmp_path), clock).signer.issue(user)
    signer = build_gate(app, Vault(b"o" * 32), Settings(data_dir=tmp_path), clock).signer
    assert signer.verify(old.text) == old.claims
    new = signer.issue(user)
    assert signer.verify(new.text) == new.claims
    app.rest()
