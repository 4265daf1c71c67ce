"""A stand-in of Salesforce: one organization over real HTTP."""

from socialai.sandbox.crm import CrmSandbox
from socialai.sandbox.salesforce.account import Account
from socialai.sandbox.salesforce.endpoints import call


class SalesforceSandbox(CrmSandbox):
    """`made`: an owner has made the fields that the hub wants; `calls`: how many it takes in a day."""

    kind = "salesforce"
    token, refresh_token = "00D5g!northwind", "5Aep-northwind"

    def __init__(
        self, *, port: int = 0, hold_for: float = 30.0, made: bool = True, calls: int = 100_000
    ) -> None:
        self.account = Account(made=made, calls=calls)
        super().__init__(self.account, call, port, hold_for)

    def values(self) -> dict[str, str]:
        address = {"instance_url": self.base_url, "login_url": self.base_url}
        return {**address, "client_id": "3MVG9northwind", "refresh_token": self.refresh_token}
