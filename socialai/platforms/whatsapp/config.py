"""What an owner enters to connect a number."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from socialai.platforms.base import Destination, Secret
from socialai.platforms.checks import check, check_secrets
from socialai.platforms.meta.checks import check_api, check_id

_TEMPLATE = re.compile(r"[a-z0-9_]{0,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")


class WhatsAppConfig(Struct, frozen=True, kw_only=True):
    """The order of the fields is the order of the form."""

    phone_number_id: Annotated[
        str,
        Meta(
            title="Phone number ID",
            description="Not the number itself: in your Meta app under WhatsApp → API setup, below it.",
        ),
    ]
    waba_id: Annotated[
        str,
        Meta(
            title="WhatsApp Business account ID",
            description="In your Meta app under WhatsApp → API setup, beside the phone number ID.",
        ),
    ]
    access_token: Annotated[
        Secret,
        Meta(
            title="Access token",
            description="Of a system user, so that it does not end: Meta Business settings → System users → "
            "Generate token, with whatsapp_business_messaging and whatsapp_business_management.",
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
            description="A word of your own choice; the hub tells it to Meta together with its address.",
        ),
    ]
    template_name: Annotated[
        str,
        Meta(
            title="Message template",
            description="The name of a template that Meta approved, for writing to somebody after 24 hours. "
            "Only a person of your team sends it, and Meta charges for it. Empty: there is none.",
        ),
    ] = ""
    template_language: Annotated[
        str,
        Meta(title="Language of the template", description="As WhatsApp Manager shows it, like en_US or de."),
    ] = "en_US"
    template_takes_text: Annotated[
        bool,
        Meta(
            title="The template has a blank",
            description="Switch on when its text holds {{1}}: what your team writes then goes in there, in "
            "one line. Otherwise the template goes out just as it is, and what was written is not sent.",
        ),
    ] = False
    app_id: Annotated[
        str | None,
        Meta(title="App ID", description="Your Meta app's number. Optional; with it the doctor sees more."),
    ] = None
    api_version: Annotated[
        str, Meta(title="Graph API version", description="Change it only when Meta retires this version.")
    ] = "v26.0"
    graph_url: Annotated[
        Destination,
        Meta(title="Graph API address", description="Leave as it is, unless you test with the sandbox."),
    ] = "https://graph.facebook.com"

    def __post_init__(self) -> None:
        check_id("Phone number ID", self.phone_number_id)
        check_id("WhatsApp Business account ID", self.waba_id)
        check_api(self.api_version, self.graph_url)
        check(
            _TEMPLATE.fullmatch(self.template_name),
            "The Message template is its name at Meta: small letters, digits and _ only.",
        )
        check(
            _LANGUAGE.fullmatch(self.template_language),
            "The Language of the template looks like en_US or de.",
        )
        names = ("access_token", "app_secret", "verify_token")
        check_secrets({name: getattr(self, name) for name in names})

    @property
    def base(self) -> str:
        return f"{self.graph_url.rstrip('/')}/{self.api_version}"

    def __repr__(self) -> str:
        return f"WhatsAppConfig(phone_number_id={self.phone_number_id!r}, api_version={self.api_version!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Rich would otherwise list every field of a Struct."""
        return [("phone_number_id", self.phone_number_id), ("api_version", self.api_version)]
