"""What an owner enters to connect HubSpot."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check, check_address, check_secrets

_VERSION = re.compile(r"v3|20\d\d-\d\d")


class HubSpotConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    access_token: Annotated[
        Secret,
        Meta(
            title="Service key",
            description="In HubSpot under Settings → Integrations → Service keys: with the scopes to "
            "read and write contacts and their properties. It begins with pat-.",
        ),
    ]
    refresh_token: Annotated[
        Secret,
        Meta(
            title="Refresh token", description="Only for an OAuth app of your own; leave it empty otherwise."
        ),
    ] = ""
    client_id: Annotated[str, Meta(title="Client ID", description="Only for an OAuth app of your own.")] = ""
    client_secret: Annotated[
        Secret, Meta(title="Client secret", description="Only for an OAuth app of your own.")
    ] = ""
    api_version: Annotated[
        str,
        Meta(title="API version", description="v3, or a dated one like 2026-09 when HubSpot retires that."),
    ] = "v3"
    api_url: Annotated[
        Destination,
        Meta(title="HubSpot API address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://api.hubapi.com"

    def __post_init__(self) -> None:
        check(_VERSION.fullmatch(self.api_version), "The API version is v3 or looks like 2026-09.")
        check_address("HubSpot API address", self.api_url)
        check_secrets({"service_key": self.access_token})
        for name in ("refresh_token", "client_secret"):
            check_secrets({name: getattr(self, name)} if getattr(self, name) else {})

    def __repr__(self) -> str:
        return f"HubSpotConfig(api_url={self.api_url!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("api_url", self.api_url)]
