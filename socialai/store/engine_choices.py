"""Which language model a tenant writes with; its key is sealed beside."""

import sqlite3

import msgspec

from socialai.domain.engine import EngineChoice, NoEngine
from socialai.store.records import as_json
from socialai.store.vault import Vault, delete_secret, find_secret, put_secret

_SECRET = "engine"


def get(db: sqlite3.Connection) -> EngineChoice:
    row = db.execute("select value from setting where name = 'engine'").fetchone()
    chosen: EngineChoice = msgspec.json.decode(row["value"], type=EngineChoice) if row else NoEngine()
    return chosen


def put(
    db: sqlite3.Connection, vault: Vault, tenant_id: str, choice: EngineChoice, api_key: str | None
) -> None:
    """The key belongs to the choice: None takes an earlier one away."""
    db.execute(
        """
        insert into setting (name, value) values ('engine', ?)
        on conflict (name) do update set value = excluded.value
        """,
        (as_json(choice),),
    )
    if api_key:
        put_secret(db, vault, tenant_id, _SECRET, {"api_key": api_key})
    else:
        delete_secret(db, _SECRET)


def api_key(db: sqlite3.Connection, vault: Vault, tenant_id: str) -> str:
    """Empty when there is none. WrongKey when it was sealed with another secret.key."""
    return find_secret(db, vault, tenant_id, _SECRET).get("api_key", "")
