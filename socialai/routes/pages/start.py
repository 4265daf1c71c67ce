"""The first page is the inbox."""

from litestar import get
from litestar.response import Redirect

from socialai.routes.access import needs


@get("/", opt=needs(None), sync_to_thread=False)
def start() -> Redirect:
    return Redirect("/inbox", status_code=303)


HANDLERS = [start]
