"""What an owner enters to connect Salesforce: an External Client App with a refresh token, or with a key for
a user's name (JWT bearer)."""

import re
from typing import Annotated

from httpx import URL
from msgspec import Meta, Struct

from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check, check_address, check_secrets, is_on_this_machine

_VERSION = re.compile(r"\d\d\.0")
_HOSTS = (".salesforce.com", ".force.com", ".salesforce.mil", ".sfcrmproducts.cn", ".sfcrmapps.cn")
_SECRETS = ("client_secret", "access_token", "refresh_token")


class SalesforceConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    instance_url: Annotated[
        Destination,
        Meta(
            title="Salesforce address",
            description="Your company's address there, such as https://northwind.my.salesforce.com.",
        ),
    ]
    client_id: Annotated[
        str,
        Meta(
            title="Consumer key",
            description="In Salesforce under Setup → External Client App Manager → your app → Settings → "
            "OAuth Settings. The app needs the scopes api and refresh_token.",
        ),
    ]
    client_secret: Annotated[
        Secret, Meta(title="Consumer secret", description="Next to the consumer key; not needed with a key.")
    ] = ""
    refresh_token: Annotated[
        Secret, Meta(title="Refresh token", description="Of a user who may read and write leads and tasks.")
    ] = ""
    username: Annotated[
        str,
        Meta(title="User name", description="Only with a private key: in whose name the hub works there."),
    ] = ""
    private_key: Annotated[
        Secret,
        Meta(
            title="Private key",
            description="Instead of a refresh token: the key (PEM) of the certificate in the app's settings.",
        ),
    ] = ""
    access_token: Annotated[
        Secret, Meta(title="Access token", description="Leave it empty; the hub asks for it itself.")
    ] = ""
    login_url: Annotated[
        Destination,
        Meta(title="Sign-in address", description="https://test.salesforce.com for a sandbox of yours."),
    ] = "https://login.salesforce.com"
    api_version: Annotated[
        str, Meta(title="API version", description="Such as 68.0; Salesforce keeps old ones for years.")
    ] = "68.0"

    def __post_init__(self) -> None:
        check(_VERSION.fullmatch(self.api_version), "The API version looks like 68.0.")
        for title, address in (
            ("Salesforce address", self.instance_url),
            ("sign-in address", self.login_url),
        ):
            check_address(title, address)
            check(is_theirs(address), f"The {title} must be one of Salesforce's.")
        check(
            self.refresh_token or (self.private_key and self.username),
            "Salesforce needs a refresh token, or a private key and a user name.",
        )
        for name in _SECRETS:
            check_secrets({name: getattr(self, name)} if getattr(self, name) else {})

    def __repr__(self) -> str:
        return f"SalesforceConfig(instance_url={self.instance_url!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("instance_url", self.instance_url)]


def is_theirs(address: str) -> bool:
    """Tokens are sent to no other."""
    return is_on_this_machine(address) or URL(address).host.endswith(_HOSTS)
