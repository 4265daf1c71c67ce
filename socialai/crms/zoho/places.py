"""Zoho's data centres: an account lives in one of them, and only there. Source: shared contract sheet."""

from httpx import URL

from socialai.platforms.checks import is_on_this_machine

_ACCOUNTS = {
    "www.zohoapis.com": "accounts.zoho.com",
    "www.zohoapis.eu": "accounts.zoho.eu",
    "www.zohoapis.in": "accounts.zoho.in",
    "www.zohoapis.com.au": "accounts.zoho.com.au",
    "www.zohoapis.jp": "accounts.zoho.jp",
    "www.zohoapis.ca": "accounts.zohocloud.ca",
    "www.zohoapis.sa": "accounts.zoho.sa",
    "www.zohoapis.uk": "accounts.zoho.uk",
    "www.zohoapis.com.cn": "accounts.zoho.com.cn",
}
"""Where data are → where tokens are."""


def is_theirs(api_url: str) -> bool:
    """Tokens are sent to no other."""
    return is_on_this_machine(api_url) or URL(api_url).host in _ACCOUNTS


def accounts_url(api_url: str) -> str:
    return api_url if is_on_this_machine(api_url) else f"https://{_ACCOUNTS[URL(api_url).host]}"


def pages_url(api_url: str) -> str:
    """Where people look at records."""
    return accounts_url(api_url).replace("//accounts.", "//crm.")
