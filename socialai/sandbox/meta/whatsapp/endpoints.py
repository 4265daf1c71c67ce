"""The Cloud API over HTTP: what a number sends, its files, its name; its account's templates."""

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from socialai.sandbox.failures import Call
from socialai.sandbox.meta import graph_errors
from socialai.sandbox.meta.asking import Asked, account_of, desk_of, serve
from socialai.sandbox.meta.edges import Shown
from socialai.sandbox.meta.edges import show as shown
from socialai.sandbox.meta.fields import parse_fields
from socialai.sandbox.meta.records import Account
from socialai.sandbox.meta.whatsapp import media, sending


async def send(request: Asked, account: Account, body: bytes) -> Response[Shown]:
    state, _, _ = desk_of(request)
    call: Call = "typing" if b'"status"' in body else "send"
    return await serve(request, call, account, lambda: sending.carry_out(state, account, body))


async def show(request: Asked, account: Account, node: str) -> Response[Shown]:
    """The number, or a file."""
    state, _, _ = desk_of(request)
    root = str(request.base_url).rstrip("/")
    if node != account.id:
        return await serve(request, "read", account, lambda: media.show(state, account, node, root))
    fields = parse_fields(request.query_params.get("fields", "id,display_phone_number,verified_name"))
    return await serve(request, "read", account, lambda: shown(fields, _number(account), "PhoneNumber"))


@get("/media/{node:str}")
async def download(request: Asked, node: FromPath[str]) -> Response[bytes]:
    """With the number's token only."""
    state, _, _ = desk_of(request)
    mime, content = media.read(state, account_of(request, "me"), node)
    return Response(content, media_type=mime)


@post("/{version:str}/{node:str}/media", status_code=200)
async def upload(request: Asked, node: FromPath[str]) -> Shown:
    state, _, _ = desk_of(request)
    account, form = account_of(request, node), await request.form()
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise graph_errors.missing_value("file")
    return {"id": media.put(state, account, file.content_type, await file.read())}


@get("/{version:str}/{node:str}/message_templates")
async def list_templates(request: Asked, node: FromPath[str]) -> Shown:
    account_of(request, node)
    return {"data": [_template(*each) for each in enumerate(sending.TEMPLATES.items())]}


_UNSAID = (
    "conversational_automation quality_score webhook_configuration new_name_status code_verification_status "
    "account_mode is_on_biz_app is_official_business_account is_pin_enabled is_preverified_number "
    "search_visibility platform_type throughput eligibility_for_api_business_global_search health_status "
    "certificate new_certificate last_onboarded_time country_code country_dial_code "
    "whatsapp_business_manager_messaging_limit"
).split()

HANDLERS = (download, upload, list_templates)


def _number(account: Account) -> dict[str, Any]:
    """What there is nothing to say of is left out of the answer."""
    return {
        **dict.fromkeys(_UNSAID),
        "id": account.id,
        "verified_name": account.name,
        "display_phone_number": account.handle,
        "quality_rating": "GREEN",
        "status": "CONNECTED",
        "name_status": "APPROVED",
    }


def _template(number: int, template: tuple[str, int]) -> Shown:
    name, blanks = template
    text = "Hello, we are back: {{1}}" if blanks else "Hello, we are back. Write to us!"
    parts = [{"type": "BODY", "text": text}]
    told = {"language": "en_US", "status": "APPROVED", "category": "UTILITY", "components": parts}
    return {"id": str(number + 1), "name": name, **told}
