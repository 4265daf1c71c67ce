"""Whatever the description of the API allows, or does not: never a server error, always as described.

Over real HTTP, as an owner whom nothing is refused; bounded, so that it stays under a minute.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from socialai import app as hub
from socialai.routes.edge import site
from socialai.server import config
from socialai.settings import Settings
from socialai.store import users
from tests import cast
from tests.conftest import Wire

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 10
Token = Callable[[], str]
Operation = APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]


class Running:
    """uvicorn on a thread, on a free port of this machine."""

    def __init__(self, server: uvicorn.Server) -> None:
        self._server = server
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> "Running":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture(scope="module")
def served(stage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Token]]:
    """The address, and a token of olga that is good now (some of what is tried takes hers back)."""
    folder = Path(copytree(stage, tmp_path_factory.mktemp("fuzz") / "data"))
    app = hub.build(Settings(data_dir=folder), transport=httpx.MockTransport(Wire()))
    rival = cast.rows(app.files.path("rival"))

    def token() -> str:
        return app.gate.signer.issue(app.files.app.read(lambda db: users.get(db, "acme", 1))).text

    with Running(uvicorn.Server(config(site(app)))) as running:
        yield running.url, token
    hub.stop(app)
    assert cast.rows(folder / "tenants" / "rival" / "tenant.db") == rival


def test_the_api_holds_against_anything(served: tuple[str, Token], ids: dict[str, cast.Ids]) -> None:
    described = schemathesis.openapi.from_dict(httpx.get(f"{served[0]}/schema").json())
    operations = sorted(
        (found.ok() for found in described.get_all_operations() if isinstance(found, Ok)),
        key=lambda operation: operation.method == "delete",
    )
    failures = [
        str(failure)
        for operation in operations
        if not operation.path.startswith("/ready")  # 503 is what it is there to say
        for mode in GenerationMode
        for failure in _failures(_cases(operation, mode, ids["acme"]), *served)
    ]
    assert len(operations) > 50
    assert not failures, "\n\n".join(failures)


def _cases(operation: Operation, mode: GenerationMode, ids: cast.Ids) -> SearchStrategy[Case]:
    """What is right in all else is tried on what there is; what is wrong may be wrong in its id too."""
    if mode is GenerationMode.NEGATIVE:
        return operation.as_strategy(generation_mode=mode)
    names = [parameter.name for parameter in operation.path_parameters]
    known = {name: getattr(ids, name, "facebook") for name in names}
    return operation.as_strategy(generation_mode=mode, path_parameters=known or None)


def _failures(cases: SearchStrategy[Case], url: str, token: Token) -> Iterator[Exception]:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def hold(case: Case) -> None:
        headers = {"authorization": f"Bearer {token()}"}
        case.call_and_validate(base_url=url, headers=headers, checks=CHECKS, timeout=30)

    try:
        hold()
    except Unsatisfiable:
        return  # nothing about it can be wrong
    except Exception as error:  # noqa: BLE001 - all of them are told at the end
        yield error
