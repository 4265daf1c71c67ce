"""Salesforce's REST API over HTTP, as far as it is used here. Source: shared contract sheet."""

import re
from typing import Any
from urllib.parse import parse_qs, unquote

import msgspec
from litestar import Response, route
from litestar.params import FromPath

from socialai.sandbox.crm import Asked, perform
from socialai.sandbox.failures import FailureKind
from socialai.sandbox.salesforce.account import Account, Field, Refused

_ORGANIZATION = {"Id": "00D5g000000NORTHWND", "Name": "Northwind Outdoors"}
_QUERY = re.compile(
    r"SELECT .+ FROM (Lead|Task) WHERE (\w+) = '((?:[^'\\]|\\.)*)'.*? LIMIT (\d+)", re.IGNORECASE
)


@route("/{path:path}", http_method=["GET", "POST", "PATCH", "DELETE"])
async def call(request: Asked, path: FromPath[str]) -> Response[Any]:
    state, body = request.app.state, await request.body()
    if path.strip("/") == "services/oauth2/token":
        return _token(request, parse_qs(body.decode()))
    if request.headers.get("authorization") != f"Bearer {state.token}":
        return _refused(Refused(401, "INVALID_SESSION_ID", "Session expired or invalid"))
    parts = [unquote(part) for part in request.scope["raw_path"].decode().strip("/").split("/")]

    def work() -> Response[Any]:
        account: Account = state.account
        with account.lock:
            account.used += 1
            response = _try(account, request, parts[3:], msgspec.json.decode(body) if body else {})
            response.headers["sforce-limit-info"] = f"api-usage={account.used}/{account.calls}"
            return response

    return await perform(request, work, _refusal)


def _token(request: Asked, form: dict[str, list[str]]) -> Response[Any]:
    state = request.app.state
    if form.get("refresh_token") != [state.refresh_token] and "assertion" not in form:
        refused = {"error": "invalid_grant", "error_description": "expired access/refresh token"}
        return Response(refused, status_code=400)
    granted = {"access_token": state.token, "instance_url": state.base_url, "token_type": "Bearer"}
    return Response({**granted, "issued_at": "1767225600000", "signature": "x"}, status_code=200)


def _try(account: Account, request: Asked, parts: list[str], asked: Any) -> Response[Any]:
    try:
        if account.used > account.calls:
            raise _limit()
        return _answer(account, request, parts, asked)
    except Refused as error:
        return _refused(error)


def _answer(account: Account, request: Asked, parts: list[str], asked: Any) -> Response[Any]:
    match request.method, parts:
        case "GET", ["query"]:
            return _query(account, request.query_params["q"])
        case "GET", ["sobjects", kind, "describe"]:
            shown = [_described(one) for one in account.fields[kind].values()]
            return Response({"name": kind, "fields": shown}, status_code=200)
        case "GET", ["sobjects", kind, record_id]:
            return _shown(kind, account.get(kind, record_id), request)
        case "GET", ["sobjects", kind, name, value]:
            record = account.holding(kind, name, value)
            if record is None:
                raise Refused(404, "NOT_FOUND", "The requested resource does not exist")
            return _shown(kind, record, request)
        case "POST", ["sobjects", kind]:
            return _made(account.create(kind, asked), created=True)
        case "PATCH", ["sobjects", kind, record_id]:
            account.update(kind, account.get(kind, record_id), asked)
            return Response(None, status_code=204)
        case "PATCH", ["sobjects", kind, name, value]:
            return _upsert(account, kind, name, value, asked)
        case "DELETE", ["sobjects", kind, record_id]:
            account.get(kind, record_id)
            del account.records[kind][record_id]
            return Response(None, status_code=204)
    raise Refused(404, "NOT_FOUND", "The requested resource does not exist")


def _upsert(account: Account, kind: str, name: str, value: str, asked: Any) -> Response[Any]:
    if name in asked:
        raise Refused(400, "INVALID_FIELD", f"The {name} field should not be specified in the sobject data.")
    record = account.holding(kind, name, value)
    if record is None:
        return _made(account.create(kind, {**asked, name: value}), created=True)
    account.update(kind, record, asked)
    return _made(record, created=False)


def _made(record: dict[str, Any], *, created: bool) -> Response[Any]:
    body = {"id": record["Id"], "success": True, "errors": [], "created": created}
    return Response(body, status_code=201 if created else 200)


def _query(account: Account, asked: str) -> Response[Any]:
    if asked.endswith("FROM Organization"):
        return Response({"totalSize": 1, "done": True, "records": [_ORGANIZATION]}, status_code=200)
    if (parts := _QUERY.fullmatch(asked)) is None:
        raise Refused(400, "MALFORMED_QUERY", "unexpected token")
    kind, name, value, most = parts.groups()
    found = account.select(kind, name, re.sub(r"\\(.)", r"\1", value))[: int(most)]
    rows = [{"attributes": {"type": kind}, "Id": each["Id"]} for each in found]
    return Response({"totalSize": len(rows), "done": True, "records": rows}, status_code=200)


def _shown(kind: str, record: dict[str, Any], request: Asked) -> Response[Any]:
    wanted = request.query_params.get("fields")
    names = wanted.split(",") if wanted else list(record)
    shown = {"attributes": {"type": kind}, "Id": record["Id"], **{name: record.get(name) for name in names}}
    return Response(shown, status_code=200)


def _described(one: Field) -> dict[str, Any]:
    return {"name": one.name, "type": one.type, "length": one.length, "externalId": one.unique}


def _limit() -> Refused:
    return Refused(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")


def _refusal(failure: FailureKind) -> Response[Any]:
    if failure == "rate_limit":
        return _refused(_limit())
    if failure == "expired_token":
        return _refused(Refused(401, "INVALID_SESSION_ID", "Session expired or invalid"))
    return Response("<html>Down for maintenance</html>", status_code=503, media_type="text/html")


def _refused(error: Refused) -> Response[Any]:
    return Response(error.body, status_code=error.status)
