"""Help that is read offline: every page is there, and every link in it leads to a page of the hub."""

import re
from collections.abc import Callable

from socialai.platforms.registry import PLATFORMS
from socialai.routes.pages.help import TOPICS
from tests.routes.conftest import Client, Headers


def test_every_page_of_help_is_there_and_leads_nowhere_outside(
    client: Client, browser: Callable[[str], Headers]
) -> None:
    headers = browser("olga")
    texts = {topic.name: client.get(f"/help/{topic.name}", headers=headers).text for topic in TOPICS}
    assert client.get("/help", headers=headers).text.count("help-text") == 1
    assert client.get("/help/other", headers=headers).status_code == 404
    articles = {name: text.partition('class="help-text"')[2] for name, text in texts.items()}
    links = {link for text in articles.values() for link in re.findall(r'(?:href|src)="([^"]+)"', text)}
    assert [link for link in links if not link.startswith("/")] == []
    dead = [link for link in links if client.get(link.partition("#")[0], headers=headers).status_code != 200]
    assert dead == []
    assert [kind for kind, platform in PLATFORMS.items() if platform.title not in articles["platforms"]] == []
    assert articles["start"].count("<img") == 1
