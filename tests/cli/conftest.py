"""The real command line on the cast's files; rival is the same after every test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from socialai import app as hub
from socialai import cli
from socialai.cli.program import Program
from socialai.server import server
from socialai.settings import Settings
from tests import cast


class Run(Protocol):
    def __call__(self, *args: object, input: str | bytes = "", **env: str) -> Result: ...


@pytest.fixture(scope="session")
def commands() -> typer.Typer:
    commands = typer.Typer()
    cli.add_commands(commands)
    return commands


@pytest.fixture
def at(commands: typer.Typer, clock: cast.Clock, wire: Any) -> Callable[[Path], Run]:
    """The command line on a data directory."""
    program = Program(lambda chosen: hub.build(chosen, clock, httpx.MockTransport(wire)), hub.stop, server)

    def place(data_dir: Path) -> Run:
        def run(*args: object, input: str | bytes = "", **env: str) -> Result:
            runner = CliRunner(env={"SOCIALAI_DATA_DIR": str(data_dir), **env})
            return runner.invoke(commands, [str(arg) for arg in args], input=input, obj=program)

        return run

    return place


@pytest.fixture
def run(at: Callable[[Path], Run], settings: Settings) -> Iterator[Run]:
    rival = settings.tenants_dir / "rival" / "tenant.db"
    before = cast.rows(rival)
    yield at(settings.data_dir)
    assert cast.rows(rival) == before, "rival was touched"


@pytest.fixture
def acme(settings: Settings) -> Path:
    return settings.tenants_dir / "acme" / "tenant.db"
