"""What the API's tokens promise, and every way of making one that is not ours."""

import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.domain.user import User
from socialai.errors import NotSignedIn
from socialai.security.gate import Gate
from socialai.security.permissions import Principal, permissions_of
from socialai.security.tokens import AUDIENCE
from socialai.store.signing_keys import signing_keys
from tests.security.forging import base64url, forge, payload_of, refuse

HOUR = timedelta(hours=1)
Forge = Callable[..., str]


@pytest.fixture
def good(gate: Gate, people: dict[str, User]) -> dict[str, Any]:
    return payload_of(gate.signer.issue(people["anna"]).text)


@pytest.fixture(scope="module")
def stranger() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


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
