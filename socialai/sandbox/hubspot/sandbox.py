"""A stand-in of HubSpot: one account over real HTTP."""

import time
from collections.abc import Callable

from socialai.sandbox.crm import CrmSandbox
from socialai.sandbox.hubspot.account import Account
from socialai.sandbox.hubspot.endpoints import call

TOKEN, REFRESH_TOKEN = "pat-na1-northwind", "refresh-northwind"


class HubSpotSandbox(CrmSandbox):
    """`late`: seconds after which a search sees what was written."""

    kind = "hubspot"
    token, refresh_token = TOKEN, REFRESH_TOKEN

    def __init__(
        self,
        *,
        port: int = 0,
        late: float = 2.0,
        hold_for: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.account = Account(146_000_001, late, clock)
        super().__init__(self.account, call, port, hold_for)

    def values(self) -> dict[str, str]:
        return {"access_token": self.token, "api_url": self.base_url}
