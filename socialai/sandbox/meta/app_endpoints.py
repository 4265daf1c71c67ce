"""An app's own side of the Graph API: where it is told of what, its tokens, and signing in."""

from html import escape
from urllib.parse import urlencode

import msgspec
from litestar import MediaType, delete, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from socialai.errors import SettingsError
from socialai.sandbox.meta import accounts, graph_errors, permits, subscriptions
from socialai.sandbox.meta.asking import Asked, account_of, app_of, desk_of, token_of
from socialai.sandbox.meta.edges import Shown
from socialai.sandbox.meta.handshake import shake
from socialai.sandbox.meta.permits import LONG, SCOPES, SHORT, Permit
from socialai.sandbox.meta.records import FIELDS, Account, Watched

_DONE = {"success": True}


class Address(Struct):
    """Where a WhatsApp Business account delivers, instead of where its app does."""

    override_callback_uri: str | None = None
    verify_token: str = ""


@get("/{version:str}/{node:str}/subscribed_apps")
async def list_subscriptions(request: Asked, node: FromPath[str]) -> Shown:
    state, _, _ = desk_of(request)
    account = account_of(request, node)
    fields, app = subscriptions.fields(state, account.id), accounts.app_of(state, account)
    if not fields:
        return {"data": []}
    if account.watched != "whatsapp_business_account":
        return {"data": [{"name": app.name, "id": app.id, "subscribed_fields": list(fields)}]}
    url = subscriptions.override_of(state, account)
    own = {"override_callback_uri": url} if url else {}
    return {"data": [{"whatsapp_business_api_data": {"id": app.id, "name": app.name}, **own}]}


@post("/{version:str}/{node:str}/subscribed_apps", status_code=200)
async def subscribe(request: Asked, node: FromPath[str]) -> Shown:
    state, _, _ = desk_of(request)
    account, query = account_of(request, node), request.query_params
    if account.watched == "whatsapp_business_account":
        told = _address(await request.body())
        if told.override_callback_uri:
            await _shaken(told.override_callback_uri, told.verify_token)
        subscriptions.override(state, account, told.override_callback_uri)
        subscriptions.subscribe(state, account.id, FIELDS[account.watched])
        return _DONE
    fields = tuple(query.get("subscribed_fields", "").split(","))
    unknown = [field for field in fields if field not in FIELDS[account.watched]]
    if unknown:
        raise graph_errors.bad_parameter(f"Param subscribed_fields has unknown fields: {unknown}")
    subscriptions.subscribe(state, account.id, fields)
    return _DONE


@delete("/{version:str}/{node:str}/subscribed_apps", status_code=200)
async def unsubscribe(request: Asked, node: FromPath[str]) -> Shown:
    state, _, _ = desk_of(request)
    subscriptions.subscribe(state, account_of(request, node).id, ())
    return _DONE


@get("/{version:str}/{node:str}/subscriptions")
async def list_addresses(request: Asked, node: FromPath[str]) -> Shown:
    state, _, _ = desk_of(request)
    found = subscriptions.of_app(state, app_of(request, node).id)
    return {
        "data": [
            {
                "object": each.watched,
                "callback_url": each.callback_url,
                "active": True,
                "fields": [{"name": field, "version": "v26.0"} for field in each.fields],
            }
            for each in found
        ]
    }


@post("/{version:str}/{node:str}/subscriptions", status_code=200)
async def set_address(request: Asked, node: FromPath[str]) -> Shown:
    """Kept once the hub passes the handshake."""
    state, _, _ = desk_of(request)
    app, query = app_of(request, node), request.query_params
    watched = _watched(query.get("object", ""))
    await _shaken(query.get("callback_url", ""), query.get("verify_token", ""))
    fields = tuple(query.get("fields", "").split(","))
    subscriptions.keep(state, app.id, watched, query["callback_url"], fields)
    return _DONE


@get("/{version:str}/debug_token")
async def debug_token(request: Asked) -> Shown:
    state, _, _ = desk_of(request)
    app, token = app_of(request), request.query_params.get("input_token", "")
    account = accounts.find_account(state, token=token)
    if account is not None and account.app_id == app.id:
        told = {"type": "PAGE", "is_valid": not account.ended, "expires_at": 0, "scopes": list(SCOPES)}
        return {"data": {"app_id": app.id, "profile_id": account.id, **told}}
    permit = permits.find(state, token)
    if permit is None or permit.app_id != app.id:
        return {"data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Bad token."}}}
    told = {"type": "USER", "is_valid": True, "expires_at": permit.ends_at // 1000}
    return {"data": {"app_id": app.id, **told, "scopes": list(permit.scopes)}}


@get(["/{version:str}/dialog/oauth", "/oauth/authorize"], media_type=MediaType.HTML)
async def sign_in(request: Asked) -> str:
    """Where the owner says yes or no; each permission can be left out."""
    state, _, _ = desk_of(request)
    query = request.query_params
    app = accounts.find_app(state, query.get("client_id", ""))
    if app is None:
        raise graph_errors.bad_client()
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(query.get(name, ""), quote=True)}">'
        for name in ("client_id", "redirect_uri", "state")
    )
    asked = "".join(
        f'<label><input type="checkbox" name="scope" value="{escape(scope, quote=True)}" checked> '
        f"{escape(scope)}</label><br>"
        for scope in query.get("scope", "").split(",")
    )
    return _PAGE.format(app=escape(app.name), hidden=hidden, asked=asked)


@post(["/{version:str}/dialog/oauth", "/oauth/authorize"])
async def signed_in(request: Asked) -> Redirect:
    state, _, _ = desk_of(request)
    form = await request.form()
    back, app = str(form.get("redirect_uri", "")), accounts.find_app(state, str(form.get("client_id", "")))
    if app is None:
        raise graph_errors.bad_client()
    answer = {"state": str(form.get("state", ""))}
    if form.get("answer") == "yes":
        scopes = tuple(scope for scope in form.getall("scope", []) if scope in SCOPES)
        answer["code"] = permits.issue(state, app, scopes, SHORT, "code").token
    else:
        answer |= {"error": "access_denied", "error_reason": "user_denied"}
    return Redirect(f"{back}?{urlencode(answer)}", status_code=303)


@get("/{version:str}/oauth/access_token")
async def exchange(request: Asked) -> Shown:
    """A code for a token of an hour, such a token for one of 60 days."""
    state, _, _ = desk_of(request)
    query = request.query_params
    app = accounts.find_app(state, query.get("client_id", ""))
    if app is None or app.secret != query.get("client_secret"):
        raise graph_errors.bad_client()
    if query.get("grant_type") == "fb_exchange_token":
        permit, life = permits.find(state, query.get("fb_exchange_token", "")), LONG
    else:
        permit, life = permits.spend(state, query.get("code", "")), SHORT
    if permit is None or permit.app_id != app.id:
        raise graph_errors.bad_code()
    token = permits.issue(state, app, permit.scopes, life, "user").token
    return {"access_token": token, "token_type": "bearer", "expires_in": life // 1000}


@get("/{version:str}/{node:str}/permissions")
async def list_permissions(request: Asked) -> Shown:
    granted = _permit(request).scopes
    return {
        "data": [
            {"permission": scope, "status": "granted" if scope in granted else "declined"} for scope in SCOPES
        ]
    }


@get("/{version:str}/{node:str}/accounts")
async def list_accounts(request: Asked) -> Shown:
    """The person's Pages, each with its Instagram account."""
    state, _, _ = desk_of(request)
    app_id, known = _permit(request).app_id, accounts.accounts(state)
    pages = [each for each in known if each.app_id == app_id and each.watched == "page"]
    behind = {each.parent: each for each in known if each.watched == "instagram"}
    return {
        "data": [
            {
                "id": page.id,
                "name": page.name,
                "access_token": accounts.fresh_token(state, page),
                "instagram_business_account": _instagram(behind.get(page.id)),
            }
            for page in pages
        ]
    }


@post("/oauth/access_token", status_code=200)
async def exchange_on_instagram(request: Asked) -> Shown:
    """A code for a token of an hour."""
    state, _, _ = desk_of(request)
    form = await request.form()
    app = accounts.find_app(state, str(form.get("client_id", "")))
    if app is None or app.secret != form.get("client_secret"):
        raise graph_errors.bad_client()
    permit = permits.spend(state, str(form.get("code", "")))
    if permit is None or permit.app_id != app.id:
        raise graph_errors.bad_code()
    token = permits.issue(state, app, permit.scopes, SHORT, "user").token
    account = accounts.first_of(state, "instagram")
    return {"access_token": token, "user_id": account.id, "permissions": list(permit.scopes)}


@get("/access_token")
async def lengthen(request: Asked) -> Shown:
    """The account's own token, for 60 days."""
    state, _, _ = desk_of(request)
    _permit(request)
    token = accounts.fresh_token(state, accounts.first_of(state, "instagram"))
    return {"access_token": token, "token_type": "bearer", "expires_in": LONG // 1000}


@get("/refresh_access_token")
async def refresh(request: Asked) -> Shown:
    """Instagram's own tokens live on for 60 days more."""
    account = account_of(request, "me")
    return {"access_token": account.token, "token_type": "bearer", "expires_in": LONG // 1000}


HANDLERS = (
    list_subscriptions,
    subscribe,
    unsubscribe,
    list_addresses,
    set_address,
    debug_token,
    sign_in,
    signed_in,
    exchange,
    list_permissions,
    list_accounts,
    exchange_on_instagram,
    lengthen,
    refresh,
)

_PAGE = """<!doctype html><html lang="en"><title>Sandbox sign-in</title>
<meta name="viewport" content="width=device-width"><style>body{{font:16px/1.6 sans-serif;max-width:28rem;
margin:4rem auto;padding:0 1rem}}button{{font:inherit;padding:.5rem 1rem;margin:1rem .5rem 0 0}}</style>
<h1>Sign in at the sandbox</h1><p><strong>{app}</strong> would like to:</p>
<form method="post">{hidden}{asked}
<button name="answer" value="yes">Continue</button><button name="answer" value="no">Not now</button></form>
</html>"""


def _address(body: bytes) -> Address:
    try:
        return msgspec.json.decode(body or b"{}", type=Address)
    except msgspec.MsgspecError as error:
        raise graph_errors.bad_parameter(f"Invalid parameter: {error}") from None


async def _shaken(url: str, verify_token: str) -> None:
    try:
        await sync_to_thread(shake, url, verify_token)
    except SettingsError as error:
        raise graph_errors.callback_failed(str(error)) from None


def _watched(name: str) -> Watched:
    for known in FIELDS:
        if known == name:
            return known
    raise graph_errors.bad_parameter("Param object must be one of page, instagram, whatsapp_business_account")


def _permit(request: Asked) -> Permit:
    state, _, _ = desk_of(request)
    permit = permits.find(state, token_of(request) or "")
    if permit is None:
        raise graph_errors.bad_token()
    return permit


def _instagram(account: Account | None) -> Shown | None:
    return {"id": account.id, "username": account.handle} if account else None
