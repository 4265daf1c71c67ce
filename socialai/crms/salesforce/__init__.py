from socialai.crms.salesforce.adapter import Salesforce

__all__ = ["Salesforce"]
