"""Which language model a tenant writes with: chosen, kept, sealed, measured, in the ledger."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from socialai.actions import engines as actions
from socialai.context import App
from socialai.domain.engine import Call, LocalEngine, NoEngine, RemoteEngine
from socialai.errors import Conflict, InvalidInput, NotAllowed
from socialai.security.permissions import Principal, operator, permissions_of
from socialai.store import engine_choices, ledger
from tests import gguf
from tests.conftest import Wire
from tests.inference.writing import prompt, soon

OWNER = operator("acme")
ADMIN = Principal(user_id=2, tenant_id="acme", role="admin", permissions=permissions_of("admin"))
CLOUD = RemoteEngine("https://models.example.com/v1", "small")
SAID = {
    "choices": [{"message": {"content": "We do, [NAME_1]."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 4},
}


@pytest.fixture
def file(app: App) -> Path:
    app.settings.llm_dir.mkdir()
    return gguf.make(app.settings.llm_dir / "tiny.gguf")


@pytest.fixture
def cloud(app: App, wire: Wire) -> RemoteEngine:
    wire.answer = lambda _: httpx.Response(200, json=SAID)
    chosen = actions.choose(app, OWNER, CLOUD, "sk-1")
    assert isinstance(chosen, RemoteEngine)
    return chosen


def test_nobody_writes_unless_chosen_and_nothing_leaves(app: App, wire: Wire) -> None:
    assert app.engines.choice("acme") == NoEngine()
    assert app.engines.engine("acme") is None
    with pytest.raises(Conflict):
        actions.try_out(app, OWNER)
    assert wire.requests == []


def test_a_file_in_the_folder_is_chosen_by_name_and_writes(app: App, file: Path) -> None:
    assert actions.choose(app, ADMIN, LocalEngine(file.name)) == LocalEngine("tiny.gguf")
    tried = actions.try_out(app, ADMIN)
    assert tried.ok
    assert tried.tokens_out > 0
    assert app.engines.engine("acme") is app.engines.engine("acme")
    assert app.engines.engine("rival") is None


def test_two_tenants_share_one_file_in_memory(app: App, file: Path) -> None:
    app.files.create("third")
    for tenant in ("acme", "third"):
        actions.choose(app, operator(tenant), LocalEngine("tiny.gguf"))
    first, third = (app.engines.engine(tenant) for tenant in ("acme", "third"))
    assert first.engine is third.engine  # type: ignore[union-attr]  # both are Measured


def test_the_time_is_in_the_metrics_by_model_and_purpose(app: App, file: Path) -> None:
    actions.choose(app, OWNER, LocalEngine(str(file)))
    engine = app.engines.engine("acme")
    assert engine
    engine.write(prompt(tokens=2), deadline=soon())
    count = 'socialai_llm_duration_seconds_count{model="tiny",operation="compose"} 1.0'
    assert count in app.metrics.render().decode()


@pytest.mark.parametrize(
    "choice",
    [
        LocalEngine("absent.gguf"),
        LocalEngine(""),
        LocalEngine("tiny.gguf", context=-1),
        RemoteEngine("http://models.example.com/v1", "small"),
        RemoteEngine("https://models.example.com/v1", ""),
        RemoteEngine("", "small"),
    ],
)
def test_what_cannot_work_is_not_kept(app: App, file: Path, choice: LocalEngine | RemoteEngine) -> None:
    actions.choose(app, OWNER, LocalEngine("tiny.gguf"))
    with pytest.raises(InvalidInput):
        actions.choose(app, OWNER, choice)
    assert app.engines.choice("acme") == LocalEngine("tiny.gguf")


def test_a_damaged_file_is_refused_and_the_old_one_goes_on(app: App, file: Path) -> None:
    actions.choose(app, OWNER, LocalEngine("tiny.gguf"))
    broken = file.with_name("broken.gguf")
    broken.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(InvalidInput, match="cut off"):
        actions.choose(app, OWNER, LocalEngine("broken.gguf"))
    assert actions.try_out(app, OWNER).ok


def test_only_an_owner_sends_what_customers_write_outside(app: App) -> None:
    with pytest.raises(NotAllowed):
        actions.choose(app, ADMIN, CLOUD, "sk-1")


def test_choosing_an_endpoint_sends_nothing(app: App, wire: Wire, cloud: RemoteEngine) -> None:
    assert wire.requests == []


def test_what_went_outside_is_in_the_tenants_ledger(app: App, wire: Wire, cloud: RemoteEngine) -> None:
    assert actions.try_out(app, OWNER).text == "We do, [NAME_1]."
    [call] = app.files.tenant("acme").read(ledger.calls)
    assert (call.host, call.purpose, call.outcome) == ("models.example.com", "test", "written")
    assert call.fields == ("system", "question", "task")
    assert call.bytes_out == len(wire.requests[0].content)
    assert call.at == app.clock()
    assert wire.requests[0].headers["Authorization"] == "Bearer sk-1"


def test_the_key_is_sealed_and_goes_with_its_choice(app: App, cloud: RemoteEngine) -> None:
    assert b"sk-1" not in app.files.path("acme").read_bytes()
    assert actions.has_key(app, "acme")
    actions.choose(app, OWNER, CLOUD)
    assert not actions.has_key(app, "acme")
    actions.choose(app, OWNER, CLOUD, "sk-2")
    actions.choose(app, OWNER, NoEngine())
    assert not actions.has_key(app, "acme")
    assert app.engines.engine("acme") is None


@pytest.mark.parametrize("key", ["två", "a\nb", "sk\x00"])
def test_a_key_that_no_header_can_hold_is_refused(app: App, key: str) -> None:
    with pytest.raises(InvalidInput):
        actions.choose(app, OWNER, CLOUD, key)


def test_only_an_endpoint_has_a_key(app: App, file: Path) -> None:
    with pytest.raises(InvalidInput):
        actions.choose(app, OWNER, LocalEngine("tiny.gguf"), "sk-1")


def test_the_ledger_is_read_newest_first_and_forgets_after_400_days(app: App) -> None:
    call = Call(
        at=app.clock(), host="h", model="m", purpose="p", fields=("task",), masked={"email": 2},
        bytes_out=1, bytes_in=2, tokens_in=3, tokens_out=4, ms=5.5, outcome="late", error="slow",
    )  # fmt: skip

    def fill(db: sqlite3.Connection) -> None:
        for days in (500, 1, 0):
            at = app.clock() - timedelta(days=days)
            ledger.add(
                db, Call(**{name: getattr(call, name) for name in call.__struct_fields__} | {"at": at})
            )

    app.files.tenant("acme").write(fill)
    read = app.files.tenant("acme").read
    newest, older = read(ledger.calls)
    assert newest.at == app.clock() == older.at + timedelta(days=1)
    assert newest.masked == {"email": 2}
    assert read(lambda db: ledger.calls(db, before=newest.id)) == [older]
    assert read(lambda db: ledger.calls(db, since=app.clock())) == [newest]


def test_a_choice_survives_a_restart(app: App, cloud: RemoteEngine) -> None:
    assert app.files.tenant("acme").read(engine_choices.get) == CLOUD
