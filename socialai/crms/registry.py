"""Every CRM the hub keeps in step; adding one is its folder and a line here."""

from collections.abc import Mapping

from socialai.crms.base import CrmAdapter
from socialai.crms.hubspot import HubSpot

CRMS: Mapping[str, type[CrmAdapter]] = {HubSpot.kind: HubSpot}
