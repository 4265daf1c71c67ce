"""Connect a professional account by signing in at Instagram.

Source: shared contract sheet, Two flavours (Instagram Login): the token of an hour becomes one of 60 days,
which `renew` makes live on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from msgspec import Meta, Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Answer, Destination, Secret, WebhookRequest
from socialai.platforms.calls import Calls
from socialai.platforms.checks import check, check_address, check_secrets
from socialai.platforms.connecting import Connector, Found, Granted
from socialai.platforms.instagram.meanings import REFUSALS
from socialai.platforms.meta import signature
from socialai.platforms.meta.checks import check_api
from socialai.platforms.reading import Id

SCOPES: Mapping[str, str] = {
    "instagram_business_basic": "to see which account it is",
    "instagram_business_manage_messages": "to read and answer messages",
    "instagram_business_manage_comments": "to read, answer and hide comments",
}
_NEEDED = frozenset({"instagram_business_basic", "instagram_business_manage_messages"})


class InstagramApp(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    instagram_app_id: Annotated[
        str,
        Meta(
            title="Instagram app ID",
            description="Not the Meta app's number: in your Meta app under Instagram → API setup with "
            "Instagram login.",
        ),
    ]
    instagram_app_secret: Annotated[
        Secret,
        Meta(title="Instagram app secret", description="Beside the Instagram app ID."),
    ]
    app_secret: Annotated[
        Secret,
        Meta(
            title="App secret",
            description="Proves that a delivery comes from Meta. In your Meta app under Settings → Basic.",
        ),
    ]
    verify_token: Annotated[
        Secret,
        Meta(
            title="Verify token",
            description="A word of your own choice; enter the same one in your Meta app next to the webhook "
            "address.",
        ),
    ]
    app_id: Annotated[
        str | None,
        Meta(title="App ID", description="Your Meta app's number. Optional; with it the doctor sees more."),
    ] = None
    api_version: Annotated[
        str, Meta(title="Graph API version", description="Change it only when Meta retires this version.")
    ] = "v26.0"
    graph_url: Annotated[
        Destination,
        Meta(title="Graph API address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://graph.instagram.com"
    token_url: Annotated[
        Destination,
        Meta(title="Token address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://api.instagram.com"
    sign_in_url: Annotated[
        Destination,
        Meta(title="Sign-in address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://www.instagram.com"

    def __post_init__(self) -> None:
        check(self.instagram_app_id.isdecimal(), "The Instagram app ID is a number, without spaces.")
        check_api(self.api_version, self.graph_url)
        check_address("Token address", self.token_url)
        check_address("Sign-in address", self.sign_in_url)
        names = ("instagram_app_secret", "app_secret", "verify_token")
        check_secrets({name: getattr(self, name) for name in names})

    def __repr__(self) -> str:
        return f"InstagramApp(instagram_app_id={self.instagram_app_id!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("instagram_app_id", self.instagram_app_id)]


class Short(Struct, frozen=True):
    """Stands in a list `data`, or by itself. Older answers tell no permissions, or write them in one text."""

    access_token: str = ""
    permissions: list[str] | str | None = None
    data: "list[Short]" = []


class Long(Struct):
    access_token: str
    expires_in: int


class Me(Struct):
    user_id: Id
    username: str


class InstagramConnector(Connector):
    kind = "instagram"
    App = InstagramApp

    def authorise_url(self, state: str, redirect: str, _challenge: str) -> str:
        app: InstagramApp = self.app
        query = {
            "client_id": app.instagram_app_id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": ",".join(SCOPES),
            "state": state,
        }
        return f"{app.sign_in_url.rstrip('/')}/oauth/authorize?{urlencode(query)}"

    def grant(self, code: str, redirect: str, _verifier: str, now: datetime) -> Granted:
        short = self._short(code, redirect)
        long = self._long(short.access_token)
        found = self._asked(long.access_token).read(
            f"{self.app.api_version}/me", {"fields": "user_id,username"}, Me
        )
        ends_at = now + timedelta(seconds=long.expires_in)
        account = Found(str(found.user_id), f"@{found.username}", self._values(found, long), ends_at)
        return Granted([account], _missing(short.permissions))

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.app.app_secret, self.app.instagram_app_secret)

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return Answer(signature.handshake(query, self.app.verify_token))

    def _short(self, code: str, redirect: str) -> Short:
        """A code is good once: an answer that does not arrive means signing in again."""
        app: InstagramApp = self.app
        form = {
            "client_id": app.instagram_app_id,
            "client_secret": app.instagram_app_secret,
            "grant_type": "authorization_code",
            "redirect_uri": redirect,
            "code": code,
        }
        calls = Calls("Instagram", app.token_url, {}, self.http, REFUSALS.find)
        answer = calls.repeat("POST", "oauth/access_token", data=form)
        told = calls.understood(answer, Short, "retry")
        found = told.data[0] if told.data else told
        if not found.access_token:
            raise DeliveryError("retry", "Instagram's answer holds no token.", code="unreadable_answer")
        return found

    def _long(self, short: str) -> Long:
        query = {
            "grant_type": "ig_exchange_token",
            "client_secret": self.app.instagram_app_secret,
            "access_token": short,
        }
        return self._asked(short).read("access_token", query, Long)

    def _asked(self, token: str) -> Calls:
        headers = {"authorization": f"Bearer {token}"}
        return Calls("Instagram", self.app.graph_url, headers, self.http, REFUSALS.find)

    def _values(self, found: Me, long: Long) -> dict[str, Any]:
        app: InstagramApp = self.app
        own = {} if app.graph_url == InstagramApp.graph_url else {"graph_url": app.graph_url}
        return {
            "account_id": str(found.user_id),
            "access_token": long.access_token,
            "app_secret": app.app_secret,
            "instagram_app_secret": app.instagram_app_secret,
            "verify_token": app.verify_token,
            "app_id": app.app_id,
            "api_version": app.api_version,
            **own,
        }


def _missing(permissions: Sequence[str] | str | None) -> Sequence[str]:
    """Nothing is said to be missing where nothing is told."""
    if permissions is None:
        return ()
    granted = permissions.split(",") if isinstance(permissions, str) else permissions
    return [f"{scope} ({SCOPES[scope]})" for scope in SCOPES if scope in _NEEDED and scope not in granted]
