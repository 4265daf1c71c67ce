"""A hub that ends itself when another version waits, and is run again."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import uvicorn

from socialai.cli.background.plan import program
from socialai.context import App
from socialai.upgrades import state, switch

_LOOK_SECONDS = 1.0


@contextmanager
def until_upgrade(app: App, server: uvicorn.Server) -> Iterator[threading.Event]:
    """The event is set when the server was ended for an upgrade."""
    over, wanted = threading.Event(), threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            if state.is_waiting(app.settings.data_dir):
                wanted.set()
                app.feed.stop()  # an open stream would hold the end up
                server.should_exit = True
                return

    thread = threading.Thread(target=look, name="look for an upgrade", daemon=True)
    thread.start()
    try:
        yield wanted
    finally:
        over.set()
        thread.join()


def run_again() -> NoReturn:
    """The executable as it lies there now, with the same words; systemd sees the same process."""
    words = ["--no-browser" if word == "--browser" else word for word in sys.argv[1:]]
    command, environ = [*program(), *words], switch.clean_environ()
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.run(command, env=environ, check=False).returncode)
    os.execve(command[0], command, environ)
