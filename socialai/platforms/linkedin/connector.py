"""Connect Pages by signing in at LinkedIn.

Source: MS Learn, 3-legged OAuth and organization access control by role; shared contract sheet.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from msgspec import Meta, Struct

from socialai.platforms.base import Answer, Destination, Secret, WebhookRequest
from socialai.platforms.calls import Calls
from socialai.platforms.checks import check, check_address, check_secrets
from socialai.platforms.connecting import Connector, Found, Granted
from socialai.platforms.linkedin import failures, people, signature, tokens
from socialai.platforms.linkedin.config import VERSION

_MOST_PAGES = 100


class LinkedInApp(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    client_id: Annotated[str, Meta(title="Client ID", description="In your LinkedIn app under Auth.")]
    client_secret: Annotated[Secret, Meta(title="Client secret", description="Beside the client ID.")]
    app_id: Annotated[
        str | None,
        Meta(
            title="App number",
            description="The number in the address of your app at developer.linkedin.com. With it the hub "
            "tells LinkedIn where to deliver.",
        ),
    ] = None
    scopes: Annotated[
        str,
        Meta(
            title="Permissions",
            description="What is asked for, as your app's Auth tab names it. Asking for others than before "
            "ends all access that was given.",
        ),
    ] = "r_organization_social_feed w_organization_social_feed rw_organization_admin"
    api_version: Annotated[
        str, Meta(title="API version", description="A year and a month; change it when LinkedIn retires it.")
    ] = "202607"
    api_url: Annotated[
        Destination,
        Meta(title="LinkedIn API address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://api.linkedin.com"
    sign_in_url: Annotated[
        Destination,
        Meta(title="Sign-in address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://www.linkedin.com"

    def __post_init__(self) -> None:
        check(self.client_id.isascii() and self.client_id.strip(), "The Client ID is empty; copy it again.")
        check(not self.app_id or self.app_id.isdecimal(), "The app number is digits only.")
        check(self.scopes.split(), "Name the permissions as your app's Auth tab does.")
        check(VERSION.fullmatch(self.api_version), "The API version looks like 202607.")
        check_address("LinkedIn API address", self.api_url)
        check_address("Sign-in address", self.sign_in_url)
        check_secrets({"client_secret": self.client_secret})

    def __repr__(self) -> str:
        return f"LinkedInApp(client_id={self.client_id!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("client_id", self.client_id)]


class Role(Struct):
    organization: str = ""
    roleAssignee: str = ""  # noqa: N815 - LinkedIn's name
    state: str = "APPROVED"


class Roles(Struct):
    elements: list[Role] = []


class LinkedInConnector(Connector):
    kind = "linkedin"
    App = LinkedInApp

    def verify(self, request: WebhookRequest) -> None:
        signature.verify(request, self.app.client_secret)

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return signature.handshake(query, self.app.client_secret)

    def authorise_url(self, state: str, redirect: str, _challenge: str) -> str:
        app: LinkedInApp = self.app
        query = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect,
            "state": state,
            "scope": " ".join(app.scopes.split()),
        }
        return f"{app.sign_in_url.rstrip('/')}/oauth/v2/authorization?{urlencode(query)}"

    def grant(self, code: str, redirect: str, _verifier: str, now: datetime) -> Granted:
        app: LinkedInApp = self.app
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
        }
        grant = tokens.ask(self.http, app.sign_in_url, form)
        missing = _missing(app.scopes, grant.scope)
        return Granted([] if missing else list(self._pages(grant, now)), missing)

    def _pages(self, grant: tokens.Grant, now: datetime) -> Iterator[Found]:
        """The Pages that the member administers."""
        app: LinkedInApp = self.app
        headers = {
            "authorization": f"Bearer {grant.access_token}",
            "linkedin-version": app.api_version,
            "x-restli-protocol-version": "2.0.0",
        }
        calls = Calls("LinkedIn", app.api_url, headers, self.http, failures.find)
        query = {
            "q": "roleAssignee",
            "role": "ADMINISTRATOR",
            "state": "APPROVED",
            "count": str(_MOST_PAGES),
        }
        for role in calls.read("rest/organizationAcls", query, Roles).elements:
            number = role.organization.rpartition(":")[2]
            if number.isdecimal() and role.state == "APPROVED":
                yield self._found(number, people.page(calls, number).localizedName, role, grant, now)

    def _found(self, number: str, named: str | None, role: Role, grant: tokens.Grant, now: datetime) -> Found:
        app: LinkedInApp = self.app
        values = {
            "organization_id": number,
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "app_id": app.app_id,
            "member_id": role.roleAssignee.rpartition(":")[2] or None,
            "api_version": app.api_version,
            "api_url": app.api_url,
            "sign_in_url": app.sign_in_url,
        }
        ends_at = now + timedelta(seconds=grant.expires_in)
        return Found(f"urn:li:organization:{number}", named or number, values, ends_at)


def _missing(asked: str, told: str) -> Sequence[str]:
    """LinkedIn separates what it granted by commas, or by spaces."""
    granted = told.replace(",", " ").split()
    return [scope for scope in asked.split() if scope not in granted]
