"""Pictures of the running product for the help pages, in web/static/help.

    python packaging/pictures.py
"""

import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402

from socialai import app as hub  # noqa: E402
from socialai.sandbox.meta.graph import Sandbox  # noqa: E402
from socialai.settings import Settings  # noqa: E402
from tests.browser.conftest import TENANT, furnish, running, sign_in  # noqa: E402

SIZE = {"width": 1200, "height": 750}
PAGES = {"knowledge": "/knowledge", "channels": "/channels"}
TARGET = ROOT / "web" / "static" / "help"


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pictures-")))
        sandbox = stack.enter_context(Sandbox())
        app = hub.build(Settings(data_dir=scratch / "data", debounce_seconds=0.05, reconcile_seconds=0.2))
        furnish(app, sandbox)
        url = stack.enter_context(running(app))
        sandbox.connect(f"{url}/webhooks/facebook/{TENANT}", "a-word")
        chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(viewport=SIZE, base_url=url, reduced_motion="reduce").new_page()
        sign_in(page)
        sandbox.say("7001", "Do you ship to Norway and what does it cost?", name="Ada Byron")
        page.get_by_text("Ada Byron").first.click()
        expect(page.locator("body")).to_contain_text("9 EUR", timeout=30_000)
        keep(page, "inbox")
        for name, path in PAGES.items():
            page.goto(path)
            keep(page, name)
        browser.close()


def keep(page: Page, name: str) -> None:
    page.screenshot(path=TARGET / f"{name}.png")
    sys.stdout.write(f"{TARGET / name}.png\n")


if __name__ == "__main__":
    main()
