"""A stand-in of Zoho CRM: one organization over real HTTP."""

from socialai.sandbox.crm import CrmSandbox
from socialai.sandbox.zoho.account import Account
from socialai.sandbox.zoho.endpoints import call


class ZohoSandbox(CrmSandbox):
    kind = "zoho"
    token, refresh_token = "1000.northwind.a", "1000.northwind.r"

    def __init__(self, *, port: int = 0, hold_for: float = 30.0) -> None:
        self.account = Account()
        super().__init__(self.account, call, port, hold_for)

    def values(self) -> dict[str, str]:
        client = {"client_id": "1000.NORTHWIND", "client_secret": "northwind"}
        return {**client, "refresh_token": self.refresh_token, "api_url": self.base_url}
