"""What an owner enters to connect a LinkedIn Page."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check, check_address, check_secrets

VERSION = re.compile(r"20\d\d(0[1-9]|1[0-2])")
_NUMBER = re.compile(r"[0-9]{1,20}")
_MEMBER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class LinkedInConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    organization_id: Annotated[
        str,
        Meta(
            title="Page number",
            description="The number in the address of your Page's admin view: "
            "linkedin.com/company/12345/admin.",
        ),
    ]
    access_token: Annotated[
        Secret,
        Meta(
            title="Access token",
            description="Lets the hub read and answer comments for your Page. Made for your LinkedIn app by "
            "an administrator of the Page.",
        ),
    ]
    client_secret: Annotated[
        Secret,
        Meta(
            title="Client secret",
            description="Proves that a delivery comes from LinkedIn. In your LinkedIn app under Auth.",
        ),
    ]
    refresh_token: Annotated[
        Secret,
        Meta(
            title="Refresh token",
            description="LinkedIn gives one to approved partners only. Without it you connect again every 60 "
            "days.",
        ),
    ] = ""
    client_id: Annotated[
        str | None,
        Meta(title="Client ID", description="Beside the client secret. Needed to renew the token."),
    ] = None
    app_id: Annotated[
        str | None,
        Meta(
            title="App number",
            description="The number in the address of your app at developer.linkedin.com. With it and the "
            "member id the hub tells LinkedIn where to deliver.",
        ),
    ] = None
    member_id: Annotated[
        str | None,
        Meta(
            title="Member id",
            description="LinkedIn's id of the administrator whose token this is: what follows "
            "urn:li:person: in it.",
        ),
    ] = None
    api_version: Annotated[
        str,
        Meta(
            title="API version",
            description="A year and a month. LinkedIn retires each after about a year: then enter a newer "
            "one.",
        ),
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
        check(_NUMBER.fullmatch(self.organization_id), "The Page number is digits only.")
        check(not self.app_id or _NUMBER.fullmatch(self.app_id), "The app number is digits only.")
        check(not self.member_id or _MEMBER.fullmatch(self.member_id), "The member id is letters and digits.")
        check(VERSION.fullmatch(self.api_version), "The API version looks like 202607.")
        check_address("LinkedIn API address", self.api_url)
        check_address("Sign-in address", self.sign_in_url)
        check_secrets({"access_token": self.access_token, "client_secret": self.client_secret})
        check_secrets({"refresh_token": self.refresh_token} if self.refresh_token else {})

    @property
    def organization(self) -> str:
        return f"urn:li:organization:{self.organization_id}"

    def __repr__(self) -> str:
        return f"LinkedInConfig(organization_id={self.organization_id!r}, api_version={self.api_version!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Rich would otherwise list every field of a Struct."""
        return [("organization_id", self.organization_id), ("api_version", self.api_version)]
