"""Every platform the hub speaks; adding one is its folder and a line here."""

from collections.abc import Mapping

from socialai.platforms.base import Platform
from socialai.platforms.facebook import Facebook
from socialai.platforms.instagram import Instagram
from socialai.platforms.linkedin import LinkedIn
from socialai.platforms.telegram import Telegram
from socialai.platforms.webchat import WebChat
from socialai.platforms.whatsapp import WhatsApp
from socialai.platforms.x import X

PLATFORMS: Mapping[str, type[Platform]] = {
    Facebook.kind: Facebook,
    Instagram.kind: Instagram,
    LinkedIn.kind: LinkedIn,
    Telegram.kind: Telegram,
    WebChat.kind: WebChat,
    WhatsApp.kind: WhatsApp,
    X.kind: X,
}
