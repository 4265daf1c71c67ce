"""What an owner enters to connect a Page."""

from typing import Annotated

from msgspec import Meta, Struct

from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check_secrets
from socialai.platforms.meta.checks import check_api, check_id


class FacebookConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    page_id: Annotated[
        str,
        Meta(
            title="Page ID", description="The number under About → Page transparency on your Facebook Page."
        ),
    ]
    page_token: Annotated[
        Secret,
        Meta(
            title="Page access token",
            description="Lets the hub read and answer your Page's messages. "
            "Made in your Meta app under Messenger → API setup.",
        ),
    ]
    app_secret: Annotated[
        Secret,
        Meta(
            title="App secret",
            description="Proves that a delivery comes from Facebook. "
            "In your Meta app under Settings → Basic.",
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
    app_id: Annotated[
        str | None,
        Meta(
            title="App ID", description="Your Meta app's number. Optional; it is shown on the channel's page."
        ),
    ] = None
    api_version: Annotated[
        str, Meta(title="Graph API version", description="Change it only when Facebook retires this version.")
    ] = "v26.0"
    graph_url: Annotated[
        Destination,
        Meta(title="Graph API address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://graph.facebook.com"
    human_agent: Annotated[
        bool,
        Meta(
            title="Answer within 7 days",
            description="Switch on when Meta granted your app the Human Agent permission: people of your "
            "team may then answer until 7 days after a customer's last message instead of 24 hours.",
        ),
    ] = False

    def __post_init__(self) -> None:
        check_id("Page ID", self.page_id)
        check_api(self.api_version, self.graph_url)
        check_secrets({name: getattr(self, name) for name in ("page_token", "app_secret", "verify_token")})

    def __repr__(self) -> str:
        return f"FacebookConfig(page_id={self.page_id!r}, api_version={self.api_version!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Rich would otherwise list every field of a Struct."""
        return [("page_id", self.page_id), ("api_version", self.api_version)]
