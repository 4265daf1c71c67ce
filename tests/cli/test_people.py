"""tenant and user."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from socialai.context import App
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.security.sign_in import sign_in
from socialai.settings import Settings
from tests import cast
from tests.cli.conftest import Run

NEW = "a brand new password"


def test_the_first_tenant_is_ready_at_once(at: Callable[[Path], Run], tmp_path: Path) -> None:
    run = at(tmp_path / "empty")
    added = run("tenant", "add", "Café Ñandú", "--owner", "ana@nandu.example", "--password-stdin", input=NEW)
    assert added.exit_code == 0, added.exception
    assert "cafe-nandu" in added.stdout
    assert NEW not in added.output
    tenants = json.loads(run("tenant", "list", "--json").stdout)
    assert [tenant["id"] for tenant in tenants] == ["cafe-nandu"]
    users = json.loads(run("user", "list", "--json").stdout)
    assert [(user["email"], user["role"]) for user in users] == [("ana@nandu.example", "owner")]
    assert run("knowledge", "list").stdout == "Nothing is known yet.\n"


def test_a_tenant_is_renamed_and_keeps_its_id(run: Run) -> None:
    assert run("tenant", "rename", "acme", "Acme  Shoes").exit_code == 0
    assert "Acme Shoes" in run("tenant", "list").stdout
    assert isinstance(run("tenant", "rename", "nobody", "X").exception, NotFound)
    assert isinstance(run("tenant", "rename", "acme", "").exception, InvalidInput)


def test_an_id_that_is_taken_is_refused(run: Run) -> None:
    done = run("tenant", "add", "Acme", "--owner", "x@y.example", "--password-stdin", input=NEW)
    assert isinstance(done.exception, Conflict)


def test_a_user_comes_changes_and_goes(run: Run) -> None:
    added = run("user", "add", "Ben@Acme.example", "--role", "admin", "-t", "acme", input=f"{NEW}\n{NEW}\n")
    assert added.exit_code == 0, added.exception
    assert NEW not in added.output
    assert run("user", "role", "ben@acme.example", "viewer", "-t", "acme").exit_code == 0
    assert run("user", "disable", "ben@acme.example", "-t", "acme").exit_code == 0
    line = next(line for line in run("user", "list", "-t", "acme").stdout.splitlines() if "ben@" in line)
    assert "viewer" in line
    assert "disabled" in line
    assert run("user", "enable", "ben@acme.example", "-t", "acme").exit_code == 0
    assert "disabled" not in run("user", "list", "-t", "acme").stdout


def test_a_forgotten_password_is_replaced(run: Run, settings: Settings, app: App) -> None:
    done = run("user", "password", "olga@acme.example", "-t", "acme", "--password-stdin", input=f"{NEW}\n")
    assert done.exit_code == 0, done.exception
    assert sign_in(app.gate, "olga@acme.example", NEW, "127.0.0.1").user.name == "olga"


@pytest.mark.parametrize("typed", ["short", "1234567890", ""])
def test_a_poor_password_is_refused(run: Run, typed: str) -> None:
    done = run("user", "password", "olga@acme.example", "-t", "acme", "--password-stdin", input=typed)
    assert isinstance(done.exception, InvalidInput)


def test_two_different_passwords_are_asked_again(run: Run) -> None:
    done = run("user", "password", "olga@acme.example", "-t", "acme", input=f"{NEW}\nother\n{NEW}\n{NEW}\n")
    assert done.exit_code == 0


def test_the_only_owner_stays(run: Run) -> None:
    assert isinstance(run("user", "disable", "olga@acme.example", "-t", "acme").exception, Conflict)
    assert isinstance(run("user", "role", "olga@acme.example", "agent", "-t", "acme").exception, Conflict)


def test_nobody_is_found_in_another_team(run: Run) -> None:
    assert isinstance(run("user", "disable", "rita@rival.example", "-t", "acme").exception, NotFound)


def test_a_role_that_there_is_not_is_wrong_usage(run: Run) -> None:
    assert run("user", "role", "anna@acme.example", "king", "-t", "acme").exit_code == 2


def test_the_cast_is_listed(run: Run) -> None:
    listed = run("user", "list", "-t", "acme").stdout
    assert all(f"{name}@acme.example" in listed for name in cast.ACME)
    assert "rival" not in listed
