"""The live feed over a real server: what is told arrives, and only at the tenant it belongs to."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest
import uvicorn

from socialai.cli.serve import listen
from socialai.context import App
from socialai.feed import Feed
from socialai.routes.edge import site
from socialai.routes.pages import live
from socialai.serving import UVICORN
from tests.routes.conftest import Headers

Browser = Callable[[str], Headers]


@pytest.fixture
def address(app: App) -> Iterator[str]:
    bound = listen("127.0.0.1", 0)
    bound.listen()
    serving = uvicorn.Server(uvicorn.Config(site(app), **UVICORN))
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [bound]})
    thread.start()
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    app.feed.stop()
    serving.should_exit = True
    thread.join(20)
    bound.close()


def _lines(response: httpx.Response) -> Iterator[str]:
    return (line for line in response.iter_lines() if line)


def test_a_notice_arrives_with_its_ids(app: App, address: str, browser: Browser) -> None:
    with httpx.stream("GET", f"{address}/live", headers=browser("vera"), timeout=20) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-cache"
        assert response.headers["x-accel-buffering"] == "no"
        lines = _lines(response)
        assert next(lines) == ": open"
        assert next(lines).startswith("retry:")
        app.feed.tell("rival", "conversation", 99)
        app.feed.tell("acme", "conversation", 3)
        app.feed.tell("acme", "conversation", 1)
        assert next(lines) == "event: conversation"
        assert set(next(lines).removeprefix("data: ").split()) <= {"1", "3"}


def test_the_stream_ends_when_the_hub_stops(app: App, address: str, browser: Browser) -> None:
    with httpx.stream("GET", f"{address}/live", headers=browser("vera"), timeout=20) as response:
        lines = _lines(response)
        next(lines)
        app.feed.stop()
        assert [line for line in lines if line.startswith("event")] == []


def test_a_browser_that_does_not_read_is_not_waited_for_with_everything() -> None:
    async def asleep() -> list[str]:
        feed = Feed()
        stream = live._messages(feed.listen("acme"))
        await anext(stream)
        for number in range(5000):
            feed.tell("acme", "conversation", number)
            await asyncio.sleep(0)
        woken = await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]  # an async generator
        return str(woken.data).split()

    assert 1 <= len(asyncio.run(asleep())) <= 300


def test_nobody_listens_without_signing_in(address: str) -> None:
    answer = httpx.get(f"{address}/live", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/live")
