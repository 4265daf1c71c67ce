"""The step of the first run in which a language model is chosen by the machine's memory."""

from collections.abc import Callable

from socialai.actions import engines
from socialai.context import App
from socialai.domain.engine import LocalEngine, NoEngine
from socialai.machine import memory_bytes
from tests import gguf
from tests.routes.conftest import Client, Headers

PAGE = "/first-run/answers"


def test_a_model_that_fits_is_offered_and_chosen_and_one_that_does_not_is_said(
    app: App, client: Client, browser: Callable[[str], Headers]
) -> None:
    folder = app.settings.llm_dir
    folder.mkdir()
    gguf.make(folder / "small.gguf")
    with (folder / "huge.gguf").open("wb") as file:
        file.truncate(memory_bytes() or 2**40)  # takes no room on the disk
    assert [(offer.title, offer.fits) for offer in engines.offers(app)] == [
        ("small.gguf", True),
        ("huge.gguf", False),
    ]
    headers = browser("olga")
    assert "more than there is beside the hub" in client.get("/welcome?step=answers", headers=headers).text
    refused = client.post(PAGE, headers=headers, data={"mode": "draft", "writer": "/etc/passwd"})
    assert (refused.status_code, "Choose one of the models" in refused.text) == (400, True)
    for writer, choice in (("small.gguf", LocalEngine("small.gguf")), ("", NoEngine())):
        done = client.post(
            PAGE, headers=headers, data={"mode": "draft", "writer": writer}, follow_redirects=False
        )
        assert (done.status_code, done.headers["location"]) == (303, "/welcome?step=try")
        assert app.engines.choice("acme") == choice
