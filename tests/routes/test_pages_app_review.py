"""The texts for a platform's app review: one page for each, in the business's own name."""

import pytest

from socialai.platforms.facebook.connector import SCOPES
from socialai.platforms.registry import PLATFORMS
from tests.routes.conftest import Client
from tests.routes.test_pages_inbox import Browser


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_platform_has_its_texts_or_says_that_there_are_none(
    client: Client, browser: Browser, platform: str
) -> None:
    shown = client.get(f"/channels/review/{platform}", headers=browser("adam")).text
    kind = PLATFORMS[platform]
    assert ("How you handle data" in shown) == bool(kind.review)
    assert ("reviews no apps" in shown) == (not kind.review)
    assert "{business}" not in shown
    assert "{address}" not in shown


def test_every_permission_that_is_asked_for_is_explained_in_the_business_name(
    client: Client, browser: Browser
) -> None:

    shown = client.get("/channels/review/facebook", headers=browser("adam")).text
    assert [scope for scope in SCOPES if f"How your app uses {scope}" not in shown] == []
    assert "Acme answers its customers on Facebook" in shown
