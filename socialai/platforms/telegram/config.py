"""What an owner enters to connect a bot."""

import hmac
import re
from typing import Annotated

from msgspec import Meta, Struct

from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check, check_address

_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,100}")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,63}")


class TelegramConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    bot_token: Annotated[
        Secret,
        Meta(
            title="Bot token",
            description="What @BotFather gave you: a number, a colon and a long word. It does not end; "
            "whoever has it speaks as your bot.",
        ),
    ]
    username: Annotated[
        str | None,
        Meta(
            title="Bot's user name",
            description="As people mention it in groups, like northwind_bot. Only needed for a bot that sees "
            "everything that is said in a group.",
        ),
    ] = None
    api_url: Annotated[
        Destination,
        Meta(
            title="Bot API address",
            description="Leave as it is, unless you run a Bot API server of your own.",
        ),
    ] = "https://api.telegram.org"

    def __post_init__(self) -> None:
        check(
            _TOKEN.fullmatch(self.bot_token),
            "The bot token looks like 123456789:ABC…; copy it again from @BotFather.",
        )
        check(
            self.username is None or _USERNAME.fullmatch(self.username.removeprefix("@")),
            "The bot's user name has letters, digits and underscores, like northwind_bot.",
        )
        check_address("Bot API address", self.api_url)

    @property
    def bot_id(self) -> str:
        return self.bot_token.partition(":")[0]

    @property
    def name(self) -> str:
        """Without the @; '' when it is not known."""
        return (self.username or "").removeprefix("@")

    @property
    def webhook_secret(self) -> str:
        """What Telegram is told to send along. It is another one for each bot, and changes with the token."""
        return hmac.digest(self.bot_token.encode(), b"socialai webhook", "sha256").hex()

    def __repr__(self) -> str:
        return f"TelegramConfig(bot_id={self.bot_id!r}, username={self.username!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Rich would otherwise list every field of a Struct."""
        return [("bot_id", self.bot_id), ("username", self.name)]
