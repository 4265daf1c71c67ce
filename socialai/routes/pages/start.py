"""The first page: what is left of the first run for who may do it, else the inbox."""

from litestar import get
from litestar.response import Redirect

from socialai.actions import welcome
from socialai.routes.access import Asked, hub, needs


@get("/", opt=needs(None), sync_to_thread=True)
def start(request: Asked) -> Redirect:
    step = welcome.next_step(hub(request), request.user.tenant_id)
    leads = step is not None and "settings:write" in request.user.permissions
    return Redirect(f"/welcome?step={step}" if leads else "/inbox", status_code=303)


HANDLERS = [start]
