"""What an owner enters to connect an X account."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check, check_address, check_secrets

_USER_ID = re.compile(r"[0-9]{1,19}")
_OPTIONAL = ("refresh_token", "consumer_secret", "bearer_token")


class XConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    user_id: Annotated[
        str,
        Meta(
            title="Account number",
            description="The number of your X account: the digits before the dash in the access token that "
            "your app shows under Keys and tokens.",
        ),
    ]
    access_token: Annotated[
        Secret,
        Meta(
            title="Access token",
            description="Lets the hub read and answer for your account: the OAuth 2.0 user token with "
            "dm.read, dm.write, tweet.read, tweet.write, users.read and offline.access.",
        ),
    ]
    client_secret: Annotated[
        Secret,
        Meta(
            title="Client secret",
            description="Renews the access token, and proves that a delivery comes from X. In your X app "
            "under Keys and tokens, OAuth 2.0.",
        ),
    ]
    refresh_token: Annotated[
        Secret,
        Meta(
            title="Refresh token",
            description="Without it the access token ends after two hours. X hands it out with the access "
            "token when offline.access was asked for.",
        ),
    ] = ""
    consumer_secret: Annotated[
        Secret,
        Meta(
            title="API key secret",
            description="Only for an app whose deliveries X still signs with it; leave it empty otherwise.",
        ),
    ] = ""
    bearer_token: Annotated[
        Secret,
        Meta(
            title="Bearer token",
            description="The app's own token. With it the hub tells X where to deliver, and checks that X "
            "does.",
        ),
    ] = ""
    client_id: Annotated[
        str | None,
        Meta(
            title="Client ID",
            description="Your X app's name for itself, beside the client secret. Needed to renew the token.",
        ),
    ] = None
    api_url: Annotated[
        Destination,
        Meta(title="X API address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://api.x.com"

    def __post_init__(self) -> None:
        check(_USER_ID.fullmatch(self.user_id), "The account number is digits only, up to 19 of them.")
        check_address("X API address", self.api_url)
        check_secrets({"access_token": self.access_token, "client_secret": self.client_secret})
        check_secrets({name: value for name in _OPTIONAL if (value := getattr(self, name))})

    def __repr__(self) -> str:
        return f"XConfig(user_id={self.user_id!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Rich would otherwise list every field of a Struct."""
        return [("user_id", self.user_id)]
