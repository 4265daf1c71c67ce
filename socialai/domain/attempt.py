"""An owner is on the way to a platform and back, to connect an account."""

from datetime import datetime, timedelta

from msgspec import Struct

LASTS = timedelta(minutes=10)


class Attempt(Struct, frozen=True):
    """`back` is the origin of the page it began on, `redirect` where the platform sends the browser."""

    id: int
    platform: str
    user_id: int
    back: str
    redirect: str
    created_at: datetime
    expires_at: datetime
