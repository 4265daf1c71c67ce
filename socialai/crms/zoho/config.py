"""What an owner enters to connect Zoho CRM: a self client of its API console."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from socialai.crms.zoho.places import is_theirs
from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check, check_address, check_secrets

_VERSION = re.compile(r"v\d{1,2}")


class ZohoConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    client_id: Annotated[
        str, Meta(title="Client ID", description="In the API console of Zoho: your client → Client Secret.")
    ]
    client_secret: Annotated[Secret, Meta(title="Client secret", description="Next to the client ID.")]
    refresh_token: Annotated[
        Secret,
        Meta(
            title="Refresh token",
            description="With the scopes ZohoCRM.modules.leads.ALL, ZohoCRM.modules.tasks.ALL, "
            "ZohoCRM.settings.fields.ALL, ZohoCRM.coql.READ and ZohoCRM.org.READ.",
        ),
    ]
    access_token: Annotated[
        Secret, Meta(title="Access token", description="Leave it empty; the hub asks for it itself.")
    ] = ""
    api_url: Annotated[
        Destination,
        Meta(
            title="Zoho API address",
            description="Of the data centre where your account is, such as https://www.zohoapis.eu.",
        ),
    ] = "https://www.zohoapis.com"
    api_version: Annotated[str, Meta(title="API version", description="Such as v8.")] = "v8"

    def __post_init__(self) -> None:
        check(_VERSION.fullmatch(self.api_version), "The API version looks like v8.")
        check_address("Zoho API address", self.api_url)
        check(is_theirs(self.api_url), "The Zoho API address must be one of Zoho's, like www.zohoapis.eu.")
        check_secrets({"client_secret": self.client_secret, "refresh_token": self.refresh_token})
        check_secrets({"access_token": self.access_token} if self.access_token else {})

    def __repr__(self) -> str:
        return f"ZohoConfig(api_url={self.api_url!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("api_url", self.api_url)]
