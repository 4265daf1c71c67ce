"""Signing in: codes, and tokens of people, each good for an app and some permissions."""

import secrets

from msgspec import Struct

from socialai.sandbox.meta.records import App
from socialai.sandbox.meta.state import State

SHORT, LONG = 3_600_000, 60 * 24 * 3_600_000
"""Milliseconds."""
SCOPES = (
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "instagram_basic",
    "instagram_manage_messages",
    "instagram_manage_comments",
    "instagram_business_basic",
    "instagram_business_manage_messages",
    "instagram_business_manage_comments",
    "whatsapp_business_messaging",
    "whatsapp_business_management",
)


class Permit(Struct, frozen=True):
    """A code or a token. `ends_at` is in milliseconds."""

    token: str
    app_id: str
    scopes: tuple[str, ...]
    ends_at: int


def issue(state: State, app: App, scopes: tuple[str, ...], life: int, kind: str) -> Permit:
    permit = Permit(f"{kind}-{secrets.token_urlsafe(24)}", app.id, scopes, state.now() + life)
    with state.writing() as db:
        db.execute(
            "insert into permit (token, app_id, scopes, ends_at) values (?, ?, ?, ?)",
            (permit.token, app.id, ",".join(scopes), permit.ends_at),
        )
    return permit


def find(state: State, token: str) -> Permit | None:
    row = state.row("select * from permit where token = ? and ends_at > ?", token, state.now())
    if row is None:
        return None
    return Permit(row["token"], row["app_id"], tuple(row["scopes"].split(",")), row["ends_at"])


def spend(state: State, token: str) -> Permit | None:
    """What is good once only."""
    with state.writing() as db:
        permit = find(state, token)
        db.execute("delete from permit where token = ?", (token,))
    return permit
