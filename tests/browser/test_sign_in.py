"""Connecting by signing in at the platform, as a browser does it: over there, and back again."""

from playwright.sync_api import Browser, expect

from socialai.sandbox.meta.stage import channels as accounts_of
from tests.browser.conftest import TENANT, Stage, sign_in


def test_an_owner_whose_token_ended_signs_in_and_is_connected_again(stage: Stage, chromium: Browser) -> None:
    app, sandbox = stage.app, stage.sandbox
    (instagram,) = [each for each in accounts_of(sandbox, "a-word") if each.kind == "instagram"]
    made = app.channels.connect(TENANT, instagram.kind, instagram.name, dict(instagram.values), app.clock())
    app.channels.apps.put_own(TENANT, instagram.kind, dict(instagram.app or {}))
    sandbox.end_token(sandbox.first("instagram"))

    context = chromium.new_context(base_url=stage.url)
    page = context.new_page()
    sign_in(page)
    page.goto(f"/channels/{made.id}")
    page.get_by_role("button", name="Sign in at Instagram").click()
    expect(page.get_by_role("heading", name="Sign in at the sandbox")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("connected already; its history stays")).to_be_visible()
    page.get_by_role("button", name="Connect", exact=True).click()
    page.wait_for_url(f"{stage.url}/channels**")
    expect(page.get_by_text("@northwind.outfitters").first).to_be_visible()
    context.close()
    assert app.channels.adapter(TENANT, made.id).check() == "northwind.outfitters"
