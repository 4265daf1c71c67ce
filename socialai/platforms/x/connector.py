"""Connect an account by signing in at X. Source: docs.x.com, OAuth 2.0 with PKCE; shared contract sheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from msgspec import Meta, Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Answer, Destination, Secret, WebhookRequest
from socialai.platforms.calls import Calls
from socialai.platforms.checks import check, check_address, check_secrets
from socialai.platforms.connecting import Connector, Found, Granted
from socialai.platforms.x import failures, signature, tokens
from socialai.platforms.x.people import User

SCOPES: Mapping[str, str] = {
    "users.read": "to see which account it is",
    "tweet.read": "to read mentions and replies",
    "dm.read": "to read private messages",
    "dm.write": "to answer private messages",
    "tweet.write": "to answer in public",
    "tweet.moderate.write": "to hide replies",
    "offline.access": "to stay connected for longer than two hours",
}
_NEEDED = frozenset(SCOPES) - {"tweet.moderate.write"}


class XApp(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    client_id: Annotated[
        str,
        Meta(title="Client ID", description="In your X app under Keys and tokens, OAuth 2.0."),
    ]
    client_secret: Annotated[Secret, Meta(title="Client secret", description="Beside the client ID.")]
    bearer_token: Annotated[
        Secret,
        Meta(
            title="Bearer token",
            description="The app's own token, with which the hub tells X where to deliver. Beside the client "
            "ID.",
        ),
    ]
    consumer_secret: Annotated[
        Secret,
        Meta(
            title="API key secret",
            description="Only for an app whose deliveries X still signs with it; leave it empty otherwise.",
        ),
    ] = ""
    api_url: Annotated[
        Destination,
        Meta(title="X API address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://api.x.com"
    sign_in_url: Annotated[
        Destination,
        Meta(title="Sign-in address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://x.com"

    def __post_init__(self) -> None:
        check(self.client_id.isascii() and self.client_id.strip(), "The Client ID is empty; copy it again.")
        check_address("X API address", self.api_url)
        check_address("Sign-in address", self.sign_in_url)
        secrets = {"client_secret": self.client_secret, "bearer_token": self.bearer_token}
        check_secrets(secrets)
        check_secrets({"consumer_secret": self.consumer_secret} if self.consumer_secret else {})

    def __repr__(self) -> str:
        return f"XApp(client_id={self.client_id!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("client_id", self.client_id)]


class Me(Struct):
    data: User


class XConnector(Connector):
    kind = "x"
    pkce = True
    App = XApp

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.app.client_secret, self.app.consumer_secret)

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return signature.handshake(query, self.app.client_secret, self.app.consumer_secret)

    def authorise_url(self, state: str, redirect: str, challenge: str) -> str:
        app: XApp = self.app
        query = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect,
            "scope": " ".join(SCOPES),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{app.sign_in_url.rstrip('/')}/i/oauth2/authorize?{urlencode(query)}"

    def grant(self, code: str, redirect: str, verifier: str, now: datetime) -> Granted:
        """X's code is good for half a minute."""
        app: XApp = self.app
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
        }
        grant = tokens.ask(self.http, app.api_url, app.client_id, app.client_secret, form)
        headers = {"authorization": f"Bearer {grant.access_token}"}
        me = Calls("X", app.api_url, headers, self.http, failures.find).read("2/users/me", {}, Me).data
        return Granted([self._found(me, grant, now)], _missing(grant.scope))

    def _found(self, me: User, grant: tokens.Grant, now: datetime) -> Found:
        app: XApp = self.app
        if not me.number:
            raise DeliveryError("permanent", "X did not say whose account it is.", code="no_account")
        values = {
            "user_id": me.number,
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "consumer_secret": app.consumer_secret,
            "bearer_token": app.bearer_token,
            "api_url": app.api_url,
        }
        ends_at = now + timedelta(seconds=grant.expires_in)
        return Found(me.number, me.name or me.number, values, ends_at)


def _missing(scope: str) -> Sequence[str]:
    granted = scope.split()
    return [f"{name} ({SCOPES[name]})" for name in SCOPES if name in _NEEDED and name not in granted]
