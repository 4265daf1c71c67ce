"""Signing in at X: OAuth 2 with PKCE. Source: docs.x.com; shared contract sheet."""

import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from html import escape
from urllib.parse import urlencode

from litestar import MediaType, Response, get, post

from socialai.sandbox.x.asking import Asked, Shown, state_of
from socialai.sandbox.x.problems import GrantError
from socialai.sandbox.x.records import Granting
from socialai.sandbox.x.state import ACCESS, State

SCOPE = "users.read tweet.read dm.read dm.write tweet.write tweet.moderate.write offline.access"
_CODE = timedelta(seconds=30)


@get("/i/oauth2/authorize", media_type=MediaType.HTML, sync_to_thread=False)
def authorise(request: Asked) -> str:
    """Asks the owner; either way leads back."""
    state, query = state_of(request), request.query_params
    if query.get("client_id") != state.app.client_id or query.get("code_challenge_method") != "S256":
        raise GrantError("invalid_request")
    code, back = secrets.token_urlsafe(16), query["redirect_uri"]
    with state.changing():
        until = state.clock() + _CODE
        state.tokens.codes[code] = Granting(query["code_challenge"], back, until)
    yes = f"{back}?{urlencode({'state': query['state'], 'code': code})}"
    no = f"{back}?{urlencode({'state': query['state'], 'error': 'access_denied'})}"
    return (
        f"<!doctype html><title>Sandbox of X</title><h1>Let the app use @{escape(state.shop.username)}?</h1>"
        f'<p><a id="authorise" href="{escape(yes)}">Authorise app</a> '
        f'<a id="refuse" href="{escape(no)}">Cancel</a></p>'
    )


@post("/2/oauth2/token", status_code=200)
async def token(request: Asked) -> Response[Shown]:
    state, form = state_of(request), dict(await request.form())
    _check_app(request, state)
    with state.changing():
        if form.get("grant_type") == "authorization_code":
            _use_code(state, form)
        elif form.get("refresh_token") in state.tokens.refresh:
            state.tokens.refresh.discard(form["refresh_token"])
        else:
            raise GrantError("invalid_request")
        access, refresh = state.grant()
    told = {"token_type": "bearer", "expires_in": round(ACCESS.total_seconds()), "scope": SCOPE}
    return Response({**told, "access_token": access, "refresh_token": refresh})


HANDLERS = (authorise, token)


def _check_app(request: Asked, state: State) -> None:
    kind, _, written = request.headers.get("authorization", "").partition(" ")
    wanted = f"{state.app.client_id}:{state.app.client_secret}"
    if kind != "Basic" or not hmac.compare_digest(b64decode(written), wanted.encode()):
        raise GrantError("unauthorized_client", 401)


def _use_code(state: State, form: Shown) -> None:
    """Each is good once, for half a minute, for whoever asked for it."""
    granting = state.tokens.codes.pop(form.get("code", ""), None)
    proof = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
    if granting is None or granting.until <= state.clock():
        raise GrantError("invalid_request")
    if (granting.challenge, granting.redirect) != (proof, form.get("redirect_uri")):
        raise GrantError("invalid_request")
