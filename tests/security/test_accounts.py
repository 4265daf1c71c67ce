from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.domain.user import Role, User
from socialai.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn, TooManyTries
from socialai.security import accounts
from socialai.security.gate import Gate
from socialai.security.permissions import Principal, operator
from socialai.security.sign_in import sign_in
from socialai.store import sessions, tenants, users

HERE = "192.0.2.7"
_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
NEW = "a quite different soup"
CHANGES = {
    "rename": lambda gate, actor, user_id: accounts.rename(gate, actor, user_id, "Someone"),
    "change_role": lambda gate, actor, user_id: accounts.change_role(gate, actor, user_id, "viewer"),
    "disable": accounts.disable,
    "enable": accounts.enable,
    "reset_password": lambda gate, actor, user_id: accounts.reset_password(gate, actor, user_id, NEW),
}


@pytest.fixture(params=CHANGES.values(), ids=CHANGES)
def change(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_the_first_run_makes_a_tenant_and_its_owner_once(empty_gate: Gate, password: str) -> None:
    assert accounts.needs_set_up(empty_gate)
    owner = accounts.set_up(empty_gate, "acme", " Acme  Shoes ", "Olga@Acme.example", "Olga Olsen", password)
    assert (owner.role, owner.tenant_id, owner.email) == ("owner", "acme", "olga@acme.example")
    assert empty_gate.app.read(lambda db: tenants.get(db, "acme")).name == "Acme Shoes"
    assert not accounts.needs_set_up(empty_gate)
    with pytest.raises(Conflict, match="set up already"):
        accounts.set_up(empty_gate, "evil", "Evil", "eve@evil.example", "Eve", password)
    assert sign_in(empty_gate, "olga@acme.example", password, HERE).user == owner


def test_a_set_up_that_fails_leaves_nothing(empty_gate: Gate, password: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.set_up(empty_gate, "Not a slug", "Acme", "olga@acme.example", "Olga", password)
    with pytest.raises(InvalidInput):
        accounts.set_up(empty_gate, "acme", "Acme", "olga@acme.example", "Olga", "password123")
    assert accounts.needs_set_up(empty_gate)


def test_a_tenant_whose_owner_exists_elsewhere_is_not_made(gate: Gate, password: str) -> None:
    with pytest.raises(Conflict, match="has an account already"):
        accounts.add_tenant(gate, "third", "Third", "rita@rival.example", "Rita", password)
    assert gate.app.read(lambda db: tenants.find(db, "third")) is None


def test_an_admin_adds_an_agent_who_can_sign_in(
    gate: Gate, actors: dict[str, Principal], password: str
) -> None:
    ben = accounts.add_user(gate, actors["adam"], " Ben@Acme.example", "Ben", "agent", password)
    assert (ben.tenant_id, ben.email, ben.role) == ("acme", "ben@acme.example", "agent")
    assert sign_in(gate, "ben@acme.example", password, HERE).user == ben


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ben",
        "ben@",
        "@acme",
        "ben @acme.example",
        "a@b@c",
        "b" * 260 + "@a.b",
        "\ud800@a.b",
        "a\x00b@a.b",
    ],
)
def test_what_is_no_address_is_refused(
    gate: Gate, actors: dict[str, Principal], email: str, password: str
) -> None:
    with pytest.raises(InvalidInput, match="e-mail address"):
        accounts.add_user(gate, actors["olga"], email, "Ben", "agent", password)


@pytest.mark.parametrize("name", ["", "  ", "b" * 121, "Ben\x00", "Ben\ud800", "Ben\u202e"])
def test_what_is_no_name_is_refused(
    gate: Gate, actors: dict[str, Principal], name: str, password: str
) -> None:
    with pytest.raises(InvalidInput, match="name"):
        accounts.add_user(gate, actors["olga"], "ben@acme.example", name, "agent", password)


def test_an_address_that_is_taken_is_refused_in_any_spelling(
    gate: Gate, actors: dict[str, Principal], password: str
) -> None:
    for email in ("ANNA@acme.example", "rita@rival.example"):
        with pytest.raises(Conflict, match="has an account already"):
            accounts.add_user(gate, actors["olga"], email, "Ben", "agent", password)


@pytest.mark.parametrize("name", ["anna", "vera"])
def test_who_may_not_change_the_team_changes_nobody(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], change: Any, name: str, password: str
) -> None:
    with pytest.raises(NotAllowed, match="change the team"):
        change(gate, actors[name], people["adam"].id)
    with pytest.raises(NotAllowed, match="change the team"):
        accounts.add_user(gate, actors[name], "ben@acme.example", "Ben", "viewer", password)


def test_nobody_of_another_tenant_can_be_changed_by_any_id(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], change: Any
) -> None:
    for actor in (actors["olga"], operator("acme")):
        for user_id in (people["rita"].id, 10**9, -1):
            with pytest.raises(NotFound, match="on this team"):
                change(gate, actor, user_id)


def test_an_admin_touches_no_owner_and_makes_none(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], change: Any, password: str
) -> None:
    with pytest.raises(NotAllowed, match="owner"):
        change(gate, actors["adam"], people["olga"].id)
    with pytest.raises(NotAllowed, match="owner"):
        accounts.change_role(gate, actors["adam"], actors["adam"].user_id, "owner")
    with pytest.raises(NotAllowed, match="owner"):
        accounts.add_user(gate, actors["adam"], "eve@acme.example", "Eve", "owner", password)


@pytest.mark.parametrize("role", ["admin", "agent", "viewer"])
def test_the_last_owner_can_neither_step_down_nor_be_disabled(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], role: Role
) -> None:
    olga, adam = people["olga"].id, people["adam"].id
    with pytest.raises(Conflict, match="only owner"):
        accounts.change_role(gate, actors["olga"], olga, role)
    with pytest.raises(Conflict, match="only owner"):
        accounts.disable(gate, operator("acme"), olga)
    accounts.change_role(gate, actors["olga"], adam, "owner")
    assert accounts.change_role(gate, actors["olga"], olga, role).role == role
    with pytest.raises(Conflict, match="only owner"):
        accounts.disable(gate, operator("acme"), adam)


def test_a_disabled_owner_does_not_count_as_one(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal]
) -> None:
    accounts.change_role(gate, actors["olga"], people["adam"].id, "owner")
    accounts.disable(gate, actors["olga"], people["adam"].id)
    with pytest.raises(Conflict, match="only owner"):
        accounts.disable(gate, operator("acme"), people["olga"].id)


def test_who_is_disabled_is_out_at_once_and_back_in_when_enabled(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], password: str
) -> None:
    session = sign_in(gate, "anna@acme.example", password, HERE).session_token
    assert accounts.disable(gate, actors["adam"], people["anna"].id).disabled_at == gate.clock()
    assert gate.app.read(lambda db: sessions.find(db, session, gate.clock())) is None
    with pytest.raises(NotSignedIn):
        sign_in(gate, "anna@acme.example", password, HERE)
    assert accounts.enable(gate, actors["adam"], people["anna"].id).disabled_at is None
    assert gate.app.read(lambda db: sessions.find(db, session, gate.clock())) is None
    assert sign_in(gate, "anna@acme.example", password, HERE)


def test_a_new_role_counts_in_a_session_that_is_open(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], password: str
) -> None:
    token = sign_in(gate, "anna@acme.example", password, HERE).session_token
    accounts.change_role(gate, actors["adam"], people["anna"].id, "viewer")
    session = gate.app.read(lambda db: sessions.find(db, token, gate.clock()))
    assert session is not None
    assert session.user.role == "viewer"


def test_ones_own_password_is_changed_with_the_current_one_and_ends_the_other_sessions(
    gate: Gate, actors: dict[str, Principal], password: str
) -> None:
    here = sign_in(gate, "anna@acme.example", password, HERE).session_token
    there = sign_in(gate, "anna@acme.example", password, "198.51.100.1").session_token
    accounts.change_password(gate, actors["anna"], password, NEW, HERE, keep=here)
    assert gate.app.read(lambda db: sessions.find(db, here, gate.clock()))
    assert gate.app.read(lambda db: sessions.find(db, there, gate.clock())) is None
    with pytest.raises(NotSignedIn):
        sign_in(gate, "anna@acme.example", password, HERE)
    assert sign_in(gate, "anna@acme.example", NEW, HERE)


def test_a_stolen_session_cannot_guess_the_current_password(
    gate: Gate, actors: dict[str, Principal], password: str
) -> None:
    for _ in range(5):
        with pytest.raises(InvalidInput, match="current password is wrong"):
            accounts.change_password(gate, actors["anna"], "a guess", NEW, HERE)
    with pytest.raises(TooManyTries):
        accounts.change_password(gate, actors["anna"], password, NEW, HERE)


def test_an_admin_gives_a_new_password_to_who_forgot_it(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], password: str
) -> None:
    token = sign_in(gate, "anna@acme.example", password, HERE).session_token
    accounts.reset_password(gate, actors["adam"], people["anna"].id, NEW)
    assert gate.app.read(lambda db: sessions.find(db, token, gate.clock())) is None
    assert sign_in(gate, "anna@acme.example", NEW, HERE)


def test_ones_own_password_is_not_reset_without_the_current_one(
    gate: Gate, actors: dict[str, Principal]
) -> None:
    with pytest.raises(InvalidInput, match="current one"):
        accounts.reset_password(gate, actors["olga"], actors["olga"].user_id, NEW)


def test_a_new_password_obeys_the_rule_everywhere(
    gate: Gate, people: dict[str, User], actors: dict[str, Principal], password: str
) -> None:
    with pytest.raises(InvalidInput):
        accounts.change_password(gate, actors["anna"], password, "anna@acme.example", HERE)
    with pytest.raises(InvalidInput):
        accounts.reset_password(gate, actors["adam"], people["anna"].id, "short")
    with pytest.raises(InvalidInput):
        accounts.add_user(gate, actors["adam"], "ben@acme.example", "Ben", "agent", "qwertyuiop")


def test_anyone_may_change_their_own_name(gate: Gate, actors: dict[str, Principal]) -> None:
    assert accounts.rename(gate, actors["vera"], actors["vera"].user_id, " Vera  V. ").name == "Vera V."


def test_signing_out_everywhere_ends_every_session(
    gate: Gate, actors: dict[str, Principal], password: str
) -> None:
    tokens = [sign_in(gate, "anna@acme.example", password, HERE).session_token for _ in range(2)]
    accounts.sign_out_everywhere(gate, actors["anna"])
    assert not any(gate.app.read(lambda db, t=t: sessions.find(db, t, gate.clock())) for t in tokens)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(email=st.emails() | _TEXT, name=st.text("Ben é'-", min_size=1) | _TEXT, password=_TEXT)
def test_any_form_is_either_refused_plainly_or_makes_a_user_who_can_sign_in(
    gate: Gate, actors: dict[str, Principal], email: str, name: str, password: str
) -> None:
    try:
        user = accounts.add_user(gate, actors["olga"], email, name, "viewer", password)
    except (InvalidInput, Conflict):
        return
    assert sign_in(gate, email, password, f"user {user.id}").user == user


def test_the_team_is_listed_by_name_without_any_hash(gate: Gate) -> None:
    team = gate.app.read(lambda db: users.users(db, "acme"))
    assert [user.name for user in team] == ["adam", "anna", "olga", "vera"]
    assert "argon2" not in repr(team)
