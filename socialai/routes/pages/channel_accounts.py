"""Which of the accounts behind a sign-in shall be connected."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody

from socialai.actions import connecting
from socialai.channels import adapter_kind
from socialai.errors import DeliveryError, InvalidInput
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.render import go, page
from socialai.routes.paging import Id

_WRITE = needs("channels:write")


@get("/channels/accounts/{attempt_id:int}", opt=_WRITE, sync_to_thread=True)
def choose_accounts(request: Asked, attempt_id: Id, proof: FromQuery[str] = "") -> Response[Any]:
    return _shown(request, attempt_id, proof)


@post("/channels/accounts/{attempt_id:int}", opt=_WRITE, status_code=200, sync_to_thread=True)
def connect_accounts(request: Asked, attempt_id: Id, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    proof, chosen = form.text(data, "proof"), form.several(data, "account")
    try:
        made = connecting.choose(hub(request), request.user, attempt_id, proof, chosen)
    except (InvalidInput, DeliveryError) as error:
        return _shown(request, attempt_id, proof, str(error))
    return go(request, f"/channels/{made[0].id}" if len(made) == 1 else "/channels")


def _shown(request: Asked, attempt_id: int, proof: str, error: str = "") -> Response[Any]:
    found = connecting.choices(hub(request), request.user, attempt_id, proof)
    context = {
        "found": found,
        "platform": adapter_kind(found.platform),
        "attempt_id": attempt_id,
        "proof_text": proof,
        "error": error,
    }
    return page(request, "channels/accounts.html", "Choose accounts", context, 400 if error else 200)


HANDLERS = [choose_accounts, connect_accounts]
