"""Connect Pages by signing in at Facebook.

Source: shared contract sheet, Auth. The short token of the person becomes one of about 60 days; the Page
tokens got with that one have no end of their own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

import httpx
import msgspec
from msgspec import Meta, Struct

from socialai.errors import DeliveryError
from socialai.platforms.base import Answer, Destination, Secret, WebhookRequest
from socialai.platforms.checks import check, check_address, check_secrets
from socialai.platforms.connecting import Connector, Found, Granted
from socialai.platforms.facebook.meanings import REFUSALS
from socialai.platforms.meta import signature
from socialai.platforms.meta.checks import check_api
from socialai.platforms.meta.graph import Graph
from socialai.platforms.meta.readback import Paging
from socialai.platforms.reading import Id

SCOPES: Mapping[str, str] = {
    "pages_show_list": "to see which Pages you have",
    "pages_messaging": "to read and answer messages",
    "pages_manage_metadata": "to be told at once when somebody writes",
    "pages_read_engagement": "to read comments",
    "pages_read_user_content": "to read comments of visitors",
    "pages_manage_engagement": "to answer and hide comments",
}
_NEEDED = frozenset({"pages_show_list", "pages_messaging", "pages_manage_metadata"})
_MOST_PAGES = 10


class FacebookApp(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    app_id: Annotated[str, Meta(title="App ID", description="The number of your Meta app: Settings → Basic.")]
    app_secret: Annotated[
        Secret, Meta(title="App secret", description="In your Meta app under Settings → Basic.")
    ]
    verify_token: Annotated[
        Secret,
        Meta(
            title="Verify token",
            description="A word of your own choice; enter the same one in your Meta app next to the webhook "
            "address.",
        ),
    ]
    api_version: Annotated[
        str, Meta(title="Graph API version", description="Change it only when Facebook retires this version.")
    ] = "v26.0"
    graph_url: Annotated[
        Destination,
        Meta(title="Graph API address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://graph.facebook.com"
    sign_in_url: Annotated[
        Destination,
        Meta(title="Sign-in address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://www.facebook.com"

    def __post_init__(self) -> None:
        check(self.app_id.isdecimal(), "The App ID is a number, without spaces.")
        check_api(self.api_version, self.graph_url)
        check_address("Sign-in address", self.sign_in_url)
        check_secrets({"app_secret": self.app_secret, "verify_token": self.verify_token})

    def __repr__(self) -> str:
        return f"FacebookApp(app_id={self.app_id!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("app_id", self.app_id)]


class Token(Struct):
    access_token: str


class Permission(Struct):
    permission: str
    status: str


class Permissions(Struct):
    data: list[Permission]


class Page(Struct):
    id: Id
    name: str
    access_token: str | None = None


class Pages(Struct):
    data: list[Page]
    paging: Paging | None = None


class FacebookConnector(Connector):
    kind = "facebook"
    App = FacebookApp

    def authorise_url(self, state: str, redirect: str, _challenge: str) -> str:
        app: FacebookApp = self.app
        query = {
            "client_id": app.app_id,
            "redirect_uri": redirect,
            "state": state,
            "scope": ",".join(SCOPES),
            "response_type": "code",
        }
        return f"{app.sign_in_url.rstrip('/')}/{app.api_version}/dialog/oauth?{urlencode(query)}"

    def grant(self, code: str, redirect: str, _verifier: str, _now: datetime) -> Granted:
        short = self._token({"redirect_uri": redirect, "code": code})
        graph = self._graph(self._token({"grant_type": "fb_exchange_token", "fb_exchange_token": short}))
        return Granted([self._found(page) for page in _pages(graph) if page.access_token], _missing(graph))

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.app.app_secret)

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return Answer(signature.handshake(query, self.app.verify_token))

    def _token(self, query: Mapping[str, str]) -> str:
        """The app's secret goes with it, so this request proves itself."""
        app: FacebookApp = self.app
        named = {"client_id": app.app_id, "client_secret": app.app_secret, **query}
        base = f"{app.graph_url.rstrip('/')}/{app.api_version}"
        return _asked(self.http, f"{base}/oauth/access_token", named).access_token

    def _graph(self, token: str) -> Graph:
        app: FacebookApp = self.app
        base = f"{app.graph_url.rstrip('/')}/{app.api_version}"
        return Graph(base, token, self.http, REFUSALS, app.app_secret)

    def _found(self, page: Page) -> Found:
        app: FacebookApp = self.app
        values = {
            "page_id": str(page.id),
            "page_token": page.access_token,
            "app_secret": app.app_secret,
            "verify_token": app.verify_token,
            "app_id": app.app_id,
            "api_version": app.api_version,
            "graph_url": app.graph_url,
        }
        return Found(str(page.id), page.name, values)


def _asked(http: httpx.Client, url: str, query: Mapping[str, str]) -> Token:
    try:
        response = http.get(url, params=dict(query))
    except httpx.HTTPError as error:
        message = "Facebook could not be reached; check the internet connection."
        raise DeliveryError("retry", message, code=type(error).__name__) from None
    if refused := REFUSALS.find(response):
        raise refused
    try:
        return msgspec.json.decode(response.content, type=Token)
    except (ValueError, RecursionError):
        message = "Facebook's answer could not be understood."
        raise DeliveryError("retry", message, code="unreadable_answer") from None


def _pages(graph: Graph) -> Sequence[Page]:
    pages: list[Page] = []
    query = {"fields": "id,name,access_token", "limit": "100"}
    for _ in range(_MOST_PAGES):
        found = graph.read("me/accounts", query, Pages)
        pages += found.data
        after = found.paging and found.paging.next and found.paging.cursors and found.paging.cursors.after
        if not after:
            break
        query = {**query, "after": after}
    return pages


def _missing(graph: Graph) -> Sequence[str]:
    """Without those that only comments need, messages still work."""
    given = graph.read("me/permissions", {}, Permissions).data
    granted = {permission.permission for permission in given if permission.status == "granted"}
    return [f"{scope} ({SCOPES[scope]})" for scope in SCOPES if scope in _NEEDED - granted]
