"""The tenant's settings."""

from litestar import Router, get, put
from litestar.params import JSONBody

from socialai.actions import policy as actions
from socialai.domain.policy import Policy
from socialai.routes.access import Asked, database, hub, needs
from socialai.store import policies


@get("/", opt=needs("settings:read"), sync_to_thread=True)
def read_policy(request: Asked) -> Policy:
    """How messages are handled: weights, rules, voice, thresholds."""
    return database(request).read(policies.get)


@put("/", opt=needs("settings:write"), sync_to_thread=True)
def put_policy(request: Asked, data: JSONBody[Policy]) -> Policy:
    """Replace all of it; what is left out gets its default."""
    return actions.put(hub(request), request.user, data)


router = Router("/policy", route_handlers=[read_policy, put_policy], tags=["settings"])
