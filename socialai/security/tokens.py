"""API tokens: RS256 JWTs that are verified without a database."""

import secrets
import threading
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Annotated

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from msgspec import Meta, Struct

from socialai import log
from socialai.domain.clock import Clock, utc_now
from socialai.domain.user import Role, User
from socialai.errors import NotSignedIn, WrongKey
from socialai.security.permissions import Permission, Principal, permissions_of
from socialai.security.signing import jwk, make_key, open_private, open_public
from socialai.store import revoked_tokens, signing_keys, users
from socialai.store.db import Database
from socialai.store.signing_keys import SigningKey
from socialai.store.vault import Vault

ALGORITHM = "RS256"
AUDIENCE = "socialai-hub/api"
LEEWAY = timedelta(seconds=10)
_GRACE = timedelta(minutes=10)
"""A process that has not heard of a rotation may sign with the old key for as long."""


class Claims(Struct, frozen=True, kw_only=True):
    iss: str
    aud: str
    sub: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,17}$")]
    tenant_id: str
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)]
    permissions: frozenset[Permission]
    iat: int
    exp: int
    jti: str

    @property
    def user_id(self) -> int:
        return int(self.sub)

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(self.exp, UTC)

    @property
    def principal(self) -> Principal:
        return Principal(
            user_id=self.user_id,
            tenant_id=self.tenant_id,
            role=self.roles[0],
            permissions=self.permissions,
        )


class Token(Struct, frozen=True):
    text: str
    claims: Claims


class _Known(Struct, frozen=True):
    """What verification needs, replaced as a whole when it changes."""

    kid: str
    private: RSAPrivateKey
    public: dict[str, RSAPublicKey]
    revoked: frozenset[str]
    signed_out: dict[int, datetime]


class TokenSigner:
    """Issues and verifies. `refresh` after another process changed keys, users or revocations."""

    def __init__(
        self, app: Database, vault: Vault, issuer: str, lifetime: timedelta, clock: Clock = utc_now
    ) -> None:
        self._app = app
        self._vault = vault
        self._issuer = issuer
        self._lifetime = lifetime
        self._clock = clock
        self._refreshing = threading.Lock()
        self._known = self._load(None)

    def issue(self, user: User) -> Token:
        claims = self._claims(user, self._clock().timestamp())
        known = self._known
        payload = msgspec.to_builtins(claims)
        payload["permissions"].sort()
        return Token(
            jwt.encode(payload, known.private, algorithm=ALGORITHM, headers={"kid": known.kid}), claims
        )

    def verify(self, text: str) -> Claims:
        """The claims of a token of ours that is still good, or NotSignedIn."""
        known = self._known
        claims = _decode(text, known.public, self._issuer)
        now = self._clock().timestamp()
        if claims.exp <= now - LEEWAY.total_seconds():
            raise NotSignedIn("This token has expired. Ask for a new one.")
        if claims.iat > now + LEEWAY.total_seconds():
            raise _refused("it is from the future")
        if claims.jti in known.revoked or claims.iat < _whole(known.signed_out.get(claims.user_id)):
            raise NotSignedIn("This token was taken back. Sign in again for a new one.")
        return claims

    def revoke(self, claims: Claims) -> None:
        self._app.write(lambda db: revoked_tokens.revoke(db, claims.jti, claims.expires_at))
        self.refresh()

    def rotate(self) -> str:
        """Sign with a new key from now on; the old one verifies until its last token has expired."""
        key = make_key(self._vault, self._clock())
        self._app.write(lambda db: signing_keys.replace(db, key, self._clock()))
        self.refresh()
        return key.kid

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        return {"keys": [jwk(kid, public) for kid, public in self._known.public.items()]}

    def refresh(self) -> None:
        with self._refreshing:  # or an older reading could replace a newer one
            self._known = self._load(self._known)

    def sweep(self) -> None:
        """Drop what no token that is still good can need."""
        now = self._clock()
        self._app.write(lambda db: revoked_tokens.sweep(db, now - LEEWAY))
        self._app.write(lambda db: signing_keys.drop_retired(db, now - self._lifetime - LEEWAY - _GRACE))
        self.refresh()

    def _claims(self, user: User, now: float) -> Claims:
        # A token counts whole seconds: one issued in the second of a sign-out must still be told from the
        # ones it ended, so it is dated to the next.
        issued = max(int(now), _whole(user.signed_out_at))
        return Claims(
            iss=self._issuer,
            aud=AUDIENCE,
            sub=str(user.id),
            tenant_id=user.tenant_id,
            roles=(user.role,),
            permissions=permissions_of(user.role),
            iat=issued,
            exp=issued + int(self._lifetime.total_seconds()),
            jti=secrets.token_urlsafe(16),
        )

    def _load(self, known: _Known | None) -> _Known:
        kid, private = self._signing(known)
        since = self._clock() - self._lifetime - LEEWAY
        return _Known(
            kid=kid,
            private=private,
            public={key.kid: open_public(key) for key in self._keys()},
            revoked=self._app.read(revoked_tokens.revoked_tokens),
            signed_out=self._app.read(lambda db: users.signed_out_since(db, since)),
        )

    def _signing(self, known: _Known | None) -> tuple[str, RSAPrivateKey]:
        signing = next(key for key in self._keys() if key.retired_at is None)
        if known and known.kid == signing.kid:
            return known.kid, known.private
        try:
            return signing.kid, open_private(self._vault, signing)
        except WrongKey as error:  # lost for good; nothing but tokens of an hour hangs on it
            log.get().error("a new key signs tokens from now on", reason=str(error))
            key = make_key(self._vault, self._clock())
            self._app.write(lambda db: signing_keys.replace(db, key, self._clock()))
            return key.kid, open_private(self._vault, key)

    def _keys(self) -> list[SigningKey]:
        """Made at first need."""
        keys = self._app.read(signing_keys.signing_keys)
        if all(key.retired_at for key in keys):
            first = make_key(self._vault, self._clock())
            self._app.write(lambda db: signing_keys.add_first(db, first))
            keys = self._app.read(signing_keys.signing_keys)
        return keys


def _decode(text: str, public: dict[str, RSAPublicKey], issuer: str) -> Claims:
    try:
        kid = jwt.get_unverified_header(text).get("kid")
        if kid not in public:
            raise _refused("it was signed with a key that is not ours, or no longer")
        payload = jwt.decode(
            text,
            public[kid],
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=issuer,
            options={
                "require": list(Claims.__struct_fields__),
                # Times are checked against our own clock, by `verify`.
                "verify_exp": False,
                "verify_iat": False,
            },
        )
        return msgspec.convert(payload, Claims)
    except (jwt.PyJWTError, ValueError, RecursionError):  # a nested header overflows the JSON decoder
        raise _refused("it is damaged or not ours") from None


def _refused(reason: str) -> NotSignedIn:
    return NotSignedIn(f"This token is not valid: {reason}. Sign in again for a new one.")


def _whole(at: datetime | None) -> int:
    return ceil(at.timestamp()) if at else 0
