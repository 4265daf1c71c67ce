"""What people of the demo do in public and on WhatsApp, `after` seconds from the step before."""

from socialai.sandbox.meta.commenting import Remark
from socialai.sandbox.meta.records import Watched
from socialai.sandbox.meta.whatsapp.people import Does


class Remarked(Remark, frozen=True, kw_only=True):
    after: float
    on: Watched = "page"


class Wrote(Does, frozen=True, kw_only=True):
    after: float
