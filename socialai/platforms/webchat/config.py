"""What an owner chooses for the chat on their own site."""

import re
import secrets
from typing import Annotated

from msgspec import Meta, Struct, field

from socialai.platforms.base import Generated, GeneratedSecret
from socialai.platforms.checks import check, check_address

LANGUAGES = ("en", "de", "es", "fi", "fr", "it", "nl", "pt", "sv")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_SITE = re.compile(r"[0-9a-f]{16}")
_LONGEST = 300


class WebChatConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    origins: Annotated[
        str,
        Meta(
            title="Your sites",
            description="Where the chat may stand, with commas between: https://www.example.com, "
            "https://shop.example.com. It works nowhere else.",
        ),
    ]
    title: Annotated[
        str, Meta(title="Headline", description="What stands at the top of the chat, like your shop's name.")
    ] = ""
    greeting: Annotated[
        str,
        Meta(title="Greeting", description="The first thing visitors read. Empty: a few friendly words."),
    ] = ""
    colour: Annotated[
        str, Meta(title="Colour", description="Of the button and your visitors' words, like #066fd1.")
    ] = "#066fd1"
    on_left: Annotated[bool, Meta(title="On the left", description="Else it stands at the right.")] = False
    language: Annotated[
        str,
        Meta(
            title="Language",
            description=f"One of {', '.join(LANGUAGES)}. Empty: the one each visitor's browser asks for.",
        ),
    ] = ""
    asks: Annotated[
        bool,
        Meta(title="Ask for name and e-mail", description="Before the first message; they may pass it over."),
    ] = False
    insists: Annotated[
        bool, Meta(title="Nobody writes without an e-mail address", description="It is asked for first.")
    ] = False
    privacy_url: Annotated[
        str,
        Meta(
            title="Privacy page",
            description="Where your site says what you do with data; shown where visitors give theirs.",
        ),
    ] = ""
    always_open: Annotated[
        bool,
        Meta(
            title="Open around the clock",
            description="Else, outside your opening hours, visitors leave a message and an e-mail address.",
        ),
    ] = False
    files: Annotated[
        bool, Meta(title="Visitors may send files", description="Pictures and documents, up to 5 MB each.")
    ] = True
    site: Annotated[
        Generated, Meta(title="Number", description="Names this chat in the address of its window.")
    ] = field(default_factory=lambda: secrets.token_hex(8))
    signing_key: Annotated[
        GeneratedSecret, Meta(title="Key", description="Signs what visitors are known again by.")
    ] = field(default_factory=lambda: secrets.token_urlsafe(32))

    def __post_init__(self) -> None:
        check(self.allowed, "Your sites: enter at least one, like https://www.example.com.")
        for origin in self.allowed:
            check_address("address of each of your sites", origin)
            check(
                _ORIGIN.fullmatch(origin),
                f"Your sites: {origin} shall end after the name, for all its pages.",
            )
        check(_COLOUR.fullmatch(self.colour), "The colour looks like #066fd1.")
        check(self.language in ("", *LANGUAGES), f"The language is one of {', '.join(LANGUAGES)}, or empty.")
        if self.privacy_url:
            check_address("privacy page", self.privacy_url)
        check(_SITE.fullmatch(self.site), "The number of a chat has 16 hexadecimal digits.")
        for words in (self.title, self.greeting):
            check(len(words) <= _LONGEST, f"Headline and greeting have at most {_LONGEST} characters.")

    @property
    def allowed(self) -> tuple[str, ...]:
        """As browsers name where a page comes from."""
        parts = (part.strip().rstrip("/").lower() for part in self.origins.split(","))
        return tuple(part for part in parts if part)

    def __repr__(self) -> str:
        return f"WebChatConfig(site={self.site!r}, origins={self.origins!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Rich would otherwise list every field of a Struct."""
        return [("site", self.site), ("origins", self.origins)]
