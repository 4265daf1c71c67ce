"""Every platform that an owner can connect by signing in there."""

from collections.abc import Mapping

from socialai.platforms.connecting import Connector
from socialai.platforms.facebook.connector import FacebookConnector
from socialai.platforms.instagram.connector import InstagramConnector
from socialai.platforms.linkedin.connector import LinkedInConnector
from socialai.platforms.x.connector import XConnector

CONNECTORS: Mapping[str, type[Connector]] = {
    each.kind: each for each in (FacebookConnector, InstagramConnector, LinkedInConnector, XConnector)
}
