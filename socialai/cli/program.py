"""What a command gets from the composition root, which stands above the commands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer
import uvicorn

from socialai import log, settings
from socialai.context import App
from socialai.settings import Settings


@dataclass(frozen=True)
class Program:
    build: Callable[[Settings], App]
    stop: Callable[[App], None]
    server: Callable[[App], uvicorn.Server]

    @contextmanager
    def opened(self) -> Iterator[App]:
        """The hub without its workers, for one command."""
        chosen = settings.load()
        log.configure(chosen.log_level)
        app = self.build(chosen)
        try:
            yield app
        finally:
            self.stop(app)


def program(context: typer.Context) -> Program:
    found = context.find_object(Program)
    assert found is not None, "the command line puts it there"
    return found
