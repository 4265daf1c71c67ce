"""Every CRM the hub keeps in step; adding one is its folder and a line here."""

from collections.abc import Mapping

from socialai.crms.base import CrmAdapter
from socialai.crms.hubspot import HubSpot
from socialai.crms.salesforce import Salesforce
from socialai.crms.zoho import Zoho

CRMS: Mapping[str, type[CrmAdapter]] = {kind.kind: kind for kind in (HubSpot, Salesforce, Zoho)}
