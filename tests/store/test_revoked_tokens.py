import sqlite3
from datetime import datetime, timedelta

from socialai.store import revoked_tokens


def test_a_revocation_is_kept_once_until_it_is_swept(app_db: sqlite3.Connection, now: datetime) -> None:
    for jti, minutes in (("short", 1), ("long", 60), ("long", 60)):
        revoked_tokens.revoke(app_db, jti, now + timedelta(minutes=minutes))
    assert revoked_tokens.revoked_tokens(app_db) == {"short", "long"}
    assert revoked_tokens.sweep(app_db, now + timedelta(minutes=30)) == 1
    assert revoked_tokens.revoked_tokens(app_db) == {"long"}
