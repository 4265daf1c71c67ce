from socialai.crms.hubspot.adapter import HubSpot

__all__ = ["HubSpot"]
