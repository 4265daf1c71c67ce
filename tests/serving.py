"""A hub served as the product serves it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from socialai.cli.serve import listen
from socialai.context import App
from socialai.server import server


@contextmanager
def running(app: App, port: int = 0) -> Iterator[str]:
    """Its address, until it is left."""
    bound = listen("127.0.0.1", port)
    bound.listen()  # whoever connects from now on is answered once it runs
    serving = server(app)
    outside = app.channels.outside.listen()
    outside.listen()
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [bound, outside]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        app.feed.stop()
        serving.should_exit = True
        thread.join(20)
        bound.close()
        outside.close()
