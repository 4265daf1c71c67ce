"""The texts that a platform's review of an app asks for, ready to be copied."""

from socialai.channels import adapter_kind
from socialai.context import App
from socialai.platforms.review import Text, written
from socialai.security.permissions import Principal
from socialai.store import tenants

_ADDRESS = "https://your-address.example"
"""Stands where the hub's own will, once it has one."""


def texts(app: App, who: Principal, platform: str) -> list[Text]:
    """Answered for this business; empty where the platform reviews nothing."""
    business = app.files.app.read(lambda db: tenants.get(db, who.tenant_id)).name
    address = app.channels.outside.url or _ADDRESS
    return [written(ask, business, address) for ask in adapter_kind(platform).review]
