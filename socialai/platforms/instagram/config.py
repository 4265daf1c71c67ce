"""What an owner enters to connect a professional account."""

from typing import Annotated

from msgspec import Meta, Struct

from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check_secrets
from socialai.platforms.meta.checks import check_api, check_id

_OWN, _FACEBOOK = "https://graph.instagram.com", "https://graph.facebook.com"


class InstagramConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    account_id: Annotated[
        str,
        Meta(
            title="Account ID",
            description="The number of your professional account, beginning with 17841. In your Meta app "
            "under Instagram → API setup, next to the account's name.",
        ),
    ]
    access_token: Annotated[
        Secret,
        Meta(
            title="Access token",
            description="Lets the hub read and answer messages and comments. In your Meta app under "
            "Instagram → API setup → Generate token.",
        ),
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
            description="A word of your own choice; "
            "enter the same one in your Meta app next to the webhook address.",
        ),
    ]
    instagram_app_secret: Annotated[
        Secret,
        Meta(
            title="Instagram app secret",
            description="Optional: the second secret, under Instagram → API setup. Meta signs some "
            "deliveries with it; either one is accepted.",
        ),
    ] = ""
    facebook_login: Annotated[
        bool,
        Meta(
            title="Connected through a Facebook Page",
            description="Switch on when the token is your Facebook Page's (Facebook Login), and not one of "
            "Instagram itself.",
        ),
    ] = False
    human_agent: Annotated[
        bool,
        Meta(
            title="Answer within 7 days",
            description="Switch on when Meta granted your app the Human Agent permission: people of your "
            "team may then answer until 7 days after a customer's last message instead of 24 hours.",
        ),
    ] = False
    app_id: Annotated[
        str | None,
        Meta(
            title="App ID", description="Your Meta app's number. Optional; it is shown on the channel's page."
        ),
    ] = None
    api_version: Annotated[
        str, Meta(title="Graph API version", description="Change it only when Meta retires this version.")
    ] = "v26.0"
    graph_url: Annotated[
        Destination,
        Meta(title="Graph API address", description="Leave it empty, unless you test with the sandbox."),
    ] = ""

    def __post_init__(self) -> None:
        check_id("Account ID", self.account_id)
        check_api(self.api_version, self.address)
        optional = ("instagram_app_secret",) if self.instagram_app_secret else ()
        names = ("access_token", "app_secret", "verify_token", *optional)
        check_secrets({name: getattr(self, name) for name in names})

    @property
    def address(self) -> str:
        """Where the account's own side of the API is."""
        return self.graph_url.rstrip("/") or (_FACEBOOK if self.facebook_login else _OWN)

    @property
    def app_address(self) -> str:
        """Where the Meta app's is."""
        return self.graph_url.rstrip("/") or _FACEBOOK

    def __repr__(self) -> str:
        return f"InstagramConfig(account_id={self.account_id!r}, api_version={self.api_version!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Rich would otherwise list every field of a Struct."""
        return [("account_id", self.account_id), ("api_version", self.api_version)]
