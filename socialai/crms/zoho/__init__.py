from socialai.crms.zoho.adapter import Zoho

__all__ = ["Zoho"]
