from itertools import pairwise
from typing import get_args

import pytest

from socialai.domain.user import ROLES
from socialai.errors import NotAllowed
from socialai.security.permissions import Permission, Principal, operator, permissions_of, require


def someone(role: str) -> Principal:
    return Principal(user_id=1, tenant_id="acme", role=role, permissions=permissions_of(role))


def test_every_role_may_all_that_the_next_lower_may_and_more() -> None:
    for higher, lower in pairwise(ROLES):
        assert permissions_of(higher) > permissions_of(lower)


def test_an_owner_may_everything() -> None:
    assert permissions_of("owner") == frozenset(get_args(Permission))


def test_a_viewer_changes_nothing() -> None:
    assert all(permission.endswith(":read") for permission in permissions_of("viewer"))


def test_an_agent_answers_but_does_not_touch_channels_settings_or_people() -> None:
    agent = permissions_of("agent")
    assert {"conversations:write", "leads:write"} <= agent
    assert not {"channels:write", "settings:write", "users:write", "users:read", "audit:read"} & agent


def test_only_owners_decide_about_owners() -> None:
    assert [role for role in ROLES if "owners:write" in permissions_of(role)] == ["owner"]


@pytest.mark.parametrize("permission", get_args(Permission))
@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_granted_is_refused_by_name(role: str, permission: Permission) -> None:
    principal = someone(role)
    if permission in principal.permissions:
        require(principal, permission)
    else:
        with pytest.raises(NotAllowed, match=rf"As {role} you may not .* \({permission}\)"):
            require(principal, permission)


def test_the_refusal_says_who_could() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(someone("agent"), "channels:write")
    assert str(refusal.value) == (
        "As agent you may not connect or change channels. Ask for the role owner or admin (channels:write)."
    )


def test_the_command_line_acts_as_an_owner_who_is_no_user() -> None:
    assert operator("acme").permissions == permissions_of("owner")
    assert operator("acme").user_id == 0
