"""Every CRM of the demo; adding one is its stand-in and a line here."""

from collections.abc import Callable

from socialai.sandbox.crm import CrmSandbox
from socialai.sandbox.hubspot.sandbox import HubSpotSandbox
from socialai.sandbox.salesforce.sandbox import SalesforceSandbox
from socialai.sandbox.zoho.sandbox import ZohoSandbox

CRM_SANDBOXES: tuple[Callable[[], CrmSandbox], ...] = (HubSpotSandbox, SalesforceSandbox, ZohoSandbox)
