"""What the API's tokens promise, and every way of making one that is not ours."""

import base64
import hmac
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.domain.user import User
from socialai.errors import NotSignedIn
from socialai.security import accounts
from socialai.security.gate import Gate, build_gate
from socialai.security.permissions import Principal, permissions_of
from socialai.security.signing import open_private
from socialai.security.tokens import AUDIENCE, TokenSigner
from socialai.settings import Settings
from socialai.store import users
from socialai.store.db import Database
from socialai.store.migrate import migrate
from socialai.store.signing_keys import signing_keys
from socialai.store.vault import Vault

HOUR = timedelta(hours=1)
Forge = Callable[..., str]


@pytest.fixture
def private(gate: Gate, vault: Vault) -> rsa.RSAPrivateKey:
    return open_private(vault, gate.app.read(signing_keys)[0])


@pytest.fixture
def kid(gate: Gate) -> str:
    return gate.app.read(signing_keys)[0].kid


@pytest.fixture
def good(gate: Gate, people: dict[str, User]) -> dict[str, Any]:
    return payload_of(gate.signer.issue(people["anna"]).text)


@pytest.fixture(scope="module")
def stranger() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def payload_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def forge(header: dict[str, Any], payload: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """By hand: PyJWT refuses to make what an attacker makes."""
    head = b".".join(base64url(json.dumps(part).encode()) for part in (header, payload))
    return b".".join((head, base64url(sign(head)))).decode()


def base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def refuse(gate: Gate, token: str) -> None:
    with pytest.raises(NotSignedIn, match="token"):
        gate.signer.verify(token)


def test_a_token_says_exactly_what_the_api_promises(gate: Gate, people: dict[str, User], kid: str) -> None:
    anna = people["anna"]
    token = gate.signer.issue(anna)
    assert jwt.get_unverified_header(token.text) == {"alg": "RS256", "typ": "JWT", "kid": kid}
    payload = payload_of(token.text)
    assert payload == {
        "iss": "socialai-hub",
        "aud": AUDIENCE,
        "sub": str(anna.id),
        "tenant_id": "acme",
        "roles": ["agent"],
        "permissions": sorted(permissions_of("agent")),
        "iat": 1795420800,
        "exp": 1795420800 + 3600,
        "jti": payload["jti"],
    }
    assert len(payload["jti"]) >= 22


def test_its_bearer_is_who_it_was_issued_to(gate: Gate, people: dict[str, User]) -> None:
    claims = gate.signer.verify(gate.signer.issue(people["anna"]).text)
    assert claims.principal == Principal(
        user_id=people["anna"].id,
        tenant_id="acme",
        role="agent",
        permissions=permissions_of("agent"),
    )


def test_no_two_tokens_have_the_same_id(gate: Gate, people: dict[str, User]) -> None:
    assert len({gate.signer.issue(people["anna"]).claims.jti for _ in range(5)}) == 5


def test_it_ends_with_its_time_and_ten_seconds_of_doubt(
    gate: Gate, people: dict[str, User], clock: Any
) -> None:
    token = gate.signer.issue(people["anna"]).text
    clock.wait(hours=1, seconds=9)
    gate.signer.verify(token)
    clock.wait(seconds=1)
    with pytest.raises(NotSignedIn, match="expired"):
        gate.signer.verify(token)


def test_one_from_the_future_is_refused_and_a_slow_clock_forgiven(
    gate: Gate, people: dict[str, User], clock: Any
) -> None:
    clock.wait(seconds=10)
    soon = gate.signer.issue(people["anna"]).text
    clock.wait(seconds=2)
    late = gate.signer.issue(people["anna"]).text
    clock.wait(seconds=-12)
    gate.signer.verify(soon)
    with pytest.raises(NotSignedIn, match="future"):
        gate.signer.verify(late)


def test_an_unsigned_one_is_refused(gate: Gate, good: dict[str, Any], kid: str) -> None:
    for algorithm in ("none", "None", "NONE", ""):
        refuse(gate, forge({"alg": algorithm, "kid": kid}, good, lambda _: b""))


def test_the_public_key_used_as_an_hmac_secret_is_refused(gate: Gate, good: dict[str, Any], kid: str) -> None:
    public = gate.app.read(signing_keys)[0].public_pem.encode()
    for algorithm, digest in (("HS256", "sha256"), ("HS512", "sha512"), ("RS256", "sha256")):
        header = {"alg": algorithm, "kid": kid}
        refuse(gate, forge(header, good, lambda head, digest=digest: hmac.digest(public, head, digest)))


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_our_own_key_under_another_algorithm_is_refused(
    gate: Gate, good: dict[str, Any], kid: str, private: rsa.RSAPrivateKey, algorithm: str
) -> None:
    refuse(gate, jwt.encode(good, private, algorithm, {"kid": kid}))


def test_a_strangers_key_under_our_name_is_refused(
    gate: Gate, good: dict[str, Any], kid: str, stranger: rsa.RSAPrivateKey
) -> None:
    refuse(gate, jwt.encode(good, stranger, "RS256", {"kid": kid}))


def test_a_key_brought_along_in_the_header_is_not_used(
    gate: Gate, good: dict[str, Any], kid: str, stranger: rsa.RSAPrivateKey
) -> None:
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(stranger.public_key(), as_dict=True)
    refuse(gate, jwt.encode(good, stranger, "RS256", {"kid": kid, "jwk": jwk}))
    refuse(gate, jwt.encode(good, stranger, "RS256", {"kid": kid, "jku": "https://evil.example/jwks.json"}))


@pytest.mark.parametrize("header", [{}, {"kid": "../../app.db"}, {"kid": ""}])
def test_an_unknown_or_missing_kid_is_refused(
    gate: Gate, good: dict[str, Any], private: rsa.RSAPrivateKey, header: dict[str, Any]
) -> None:
    with pytest.raises(NotSignedIn, match="a key that is not ours"):
        gate.signer.verify(jwt.encode(good, private, "RS256", header))


@pytest.mark.parametrize("kid", [1, None, ["a"], {"a": 1}])
def test_a_kid_that_is_no_text_is_refused(gate: Gate, good: dict[str, Any], kid: Any) -> None:
    refuse(gate, forge({"alg": "RS256", "kid": kid}, good, lambda _: b"x"))


@pytest.mark.parametrize(
    "claim", ["iss", "aud", "sub", "tenant_id", "roles", "permissions", "iat", "exp", "jti"]
)
def test_every_claim_is_required(
    gate: Gate, good: dict[str, Any], kid: str, private: rsa.RSAPrivateKey, claim: str
) -> None:
    gate.signer.verify(jwt.encode(good, private, "RS256", {"kid": kid}))
    del good[claim]
    refuse(gate, jwt.encode(good, private, "RS256", {"kid": kid}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example"},
        {"aud": "another-api"},
        {"sub": "0"},
        {"sub": "-1"},
        {"sub": "1 or 1=1"},
        {"sub": "9" * 40},
        {"roles": []},
        {"roles": ["root"]},
        {"roles": "owner"},
        {"permissions": ["everything"]},
        {"tenant_id": 7},
        {"exp": 1e400},
        {"exp": "never"},
        {"iat": None},
        {"nbf": "soon"},
    ],
)
def test_a_claim_of_another_shape_is_refused(
    gate: Gate, good: dict[str, Any], kid: str, private: rsa.RSAPrivateKey, wrong: dict[str, Any]
) -> None:
    # Signed by hand, with our key: jwt.encode would not let some of these out.
    def sign(head: bytes) -> bytes:
        return jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(head, private)

    gate.signer.verify(forge({"alg": "RS256", "kid": kid}, good, sign))
    refuse(gate, forge({"alg": "RS256", "kid": kid}, good | wrong, sign))


def test_other_claims_under_the_same_signature_are_refused(gate: Gate, people: dict[str, User]) -> None:
    head, body, signature = gate.signer.issue(people["anna"]).text.split(".")
    other = payload_of(f"{head}.{body}.{signature}") | {"tenant_id": "rival", "roles": ["owner"]}
    refuse(gate, ".".join((head, base64url(json.dumps(other).encode()).decode(), signature)))
    refuse(gate, f"{head}.{body}.")
    refuse(gate, f"{head}.{body}")


def test_a_header_nested_too_deep_is_refused(gate: Gate) -> None:
    deep = base64url(b'{"alg":' + b"[" * 100_000).decode()
    refuse(gate, f"{deep}.e30.")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_no_text_does_more_than_be_refused(gate: Gate, text: str) -> None:
    refuse(gate, text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_no_change_of_a_token_changes_what_it_grants(
    gate: Gate, people: dict[str, User], data: st.DataObject
) -> None:
    token = gate.signer.issue(people["anna"])
    place = data.draw(st.integers(0, len(token.text) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_.= \x00é"))
    changed = token.text[:place] + letter + token.text[place + 1 :]
    try:
        assert gate.signer.verify(changed) == token.claims  # spare bits of the last letter mean nothing
    except NotSignedIn:
        assert changed != token.text


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
