"""Every platform that an owner can connect by signing in there."""

from collections.abc import Mapping

from socialai.platforms.connecting import Connector
from socialai.platforms.facebook.connector import FacebookConnector

CONNECTORS: Mapping[str, type[Connector]] = {FacebookConnector.kind: FacebookConnector}
