import sqlite3
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.store import tenants


def test_tenants_are_listed_by_id(app_db: sqlite3.Connection, now: datetime) -> None:
    tenants.create(app_db, "bistro", "Bistro", now)
    assert [tenant.id for tenant in tenants.tenants(app_db)] == ["acme", "bistro", "rival"]


def test_an_id_is_given_once(app_db: sqlite3.Connection, now: datetime) -> None:
    with pytest.raises(Conflict, match="Choose another id"):
        tenants.create(app_db, "acme", "Another", now)
    assert tenants.get(app_db, "acme").name == "Acme"


@pytest.mark.parametrize("wrong", ["", "Acme", "a b", "-a", "a-", "..", "a/b", "a\n", "ä", "a" * 41])
def test_what_could_be_no_folder_or_label_is_refused(
    app_db: sqlite3.Connection, now: datetime, wrong: str
) -> None:
    with pytest.raises(InvalidInput, match="lower-case letters"):
        tenants.create(app_db, wrong, "Acme", now)


def test_what_is_not_there_is_said(app_db: sqlite3.Connection) -> None:
    assert tenants.find(app_db, "nobody") is None
    with pytest.raises(NotFound, match="'nobody'"):
        tenants.get(app_db, "nobody")
    with pytest.raises(NotFound, match="'nobody'"):
        tenants.rename(app_db, "nobody", "Nobody")


def test_a_tenant_is_renamed_alone(app_db: sqlite3.Connection) -> None:
    assert tenants.rename(app_db, "acme", "Acme Shoes").name == "Acme Shoes"
    assert tenants.get(app_db, "rival").name == "Rival"


@pytest.mark.parametrize(
    ("name", "tenant_id"),
    [
        ("Café Ñandú & Co", "cafe-nandu-co"),
        ("Northwind Outfitters", "northwind-outfitters"),
        ("株式会社", "tenant"),
    ],
)
def test_an_id_is_made_of_the_name(name: str, tenant_id: str) -> None:
    assert tenants.suggest_id(name) == tenant_id


@given(st.text())
def test_every_suggested_id_is_a_good_one(name: str) -> None:
    assert tenants.check_id(tenants.suggest_id(name))
