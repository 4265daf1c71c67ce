import base64
import json
from hashlib import sha256

import jwt

from socialai.domain.user import User
from socialai.security.gate import Gate
from socialai.security.tokens import AUDIENCE


def test_the_key_set_is_what_rfc_7517_says(gate: Gate) -> None:
    (key,) = gate.signer.jwks()["keys"]
    assert key["kty"] == "RSA"
    assert key["alg"] == "RS256"
    assert key["use"] == "sig"
    assert key["e"] == "AQAB"
    assert len(base64.urlsafe_b64decode(key["n"] + "==")) == 256
    assert set(key) == {"kty", "alg", "use", "e", "n", "kid"}, "no private part"


def test_a_key_is_named_by_its_rfc_7638_thumbprint(gate: Gate) -> None:
    (key,) = gate.signer.jwks()["keys"]
    members = json.dumps({name: key[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
    assert key["kid"] == base64.urlsafe_b64encode(sha256(members.encode()).digest()).rstrip(b"=").decode()


def test_a_stranger_verifies_our_tokens_with_the_key_set_alone(gate: Gate, people: dict[str, User]) -> None:
    gate.signer.rotate()
    token = gate.signer.issue(people["anna"]).text
    keys = jwt.PyJWKSet.from_dict(json.loads(json.dumps(gate.signer.jwks())))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(
        token, key, ["RS256"], audience=AUDIENCE, options={"verify_exp": False, "verify_iat": False}
    )
    assert claims["tenant_id"] == "acme"
