"""Zoho CRM's API over HTTP, as far as it is used here. Source: shared contract sheet."""

import re
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import Response, route
from litestar.params import FromPath

from socialai.sandbox.crm import Asked, perform
from socialai.sandbox.failures import FailureKind
from socialai.sandbox.zoho.account import Account, Refused

_ORGANIZATION = {"id": "5554000000000018", "company_name": "Northwind Outdoors", "zgid": "771234567"}
_QUERY = re.compile(r"select id from (Leads|Tasks) where (\w+) = '((?:[^'\\]|\\.)*)' limit 0, (\d+)")
_MOST = 100


@route("/{path:path}", http_method=["GET", "POST", "PUT", "DELETE"])
async def call(request: Asked, path: FromPath[str]) -> Response[Any]:
    state, body = request.app.state, await request.body()
    if path.strip("/") == "oauth/v2/token":
        return _token(request, parse_qs(body.decode()))
    if request.headers.get("authorization") != f"Zoho-oauthtoken {state.token}":
        return _refused(Refused(401, "INVALID_TOKEN", "invalid oauth token"))

    def work() -> Response[Any]:
        account: Account = state.account
        with account.lock:
            try:
                asked = msgspec.json.decode(body) if body else {}
                return _answer(account, request, path.strip("/").split("/")[2:], asked)
            except Refused as error:
                return _refused(error)

    return await perform(request, work, _refusal)


def _token(request: Asked, form: dict[str, list[str]]) -> Response[Any]:
    """Its errors are successes, by their status."""
    state = request.app.state
    if form.get("refresh_token") != [state.refresh_token]:
        return Response({"error": "invalid_code"}, status_code=200)
    granted = {"access_token": state.token, "expires_in": 3600, "token_type": "Bearer"}
    return Response({**granted, "api_domain": state.base_url}, status_code=200)


def _answer(account: Account, request: Asked, parts: list[str], asked: Any) -> Response[Any]:
    match request.method, parts:
        case "GET", ["org"]:
            return Response({"org": [_ORGANIZATION]}, status_code=200)
        case "GET", ["settings", "fields"]:
            known = account.fields[request.query_params["module"]].values()
            return Response({"fields": [msgspec.to_builtins(one) for one in known]}, status_code=200)
        case "POST", ["settings", "fields"]:
            for given in asked["fields"]:
                account.add_field(request.query_params["module"], given)
            made = [{"code": "SUCCESS", "status": "success", "details": {}, "message": "field created"}]
            return Response({"fields": made}, status_code=200)
        case "POST", ["coql"]:
            return _query(account, asked["select_query"])
        case "POST", [module, "upsert"]:
            return _upsert(account, module, asked)
        case "GET", [module, record_id]:
            return _read(account, request, module, record_id)
        case "PUT", [module, record_id]:
            return _each([lambda: _updated(account, module, record_id, asked["data"][0])])
        case "DELETE", [module, record_id]:
            return _each([lambda: _deleted(account, module, record_id)])
    raise Refused(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one")


def _read(account: Account, request: Asked, module: str, record_id: str) -> Response[Any]:
    record = account.records[module].get(record_id)
    if record is None:
        return Response(None, status_code=204)
    names = request.query_params["fields"].split(",")
    shown = {
        "id": record["id"],
        **{name: record.get(name) for name in names if name in account.fields[module]},
    }
    return Response({"data": [shown]}, status_code=200)


def _query(account: Account, asked: str) -> Response[Any]:
    if (parts := _QUERY.fullmatch(asked)) is None:
        raise Refused(400, "SYNTAX_ERROR", "error occurred while parsing the query")
    module, name, value, most = parts.groups()
    found = account.select(module, name, re.sub(r"\\(.)", r"\1", value))[: int(most)]
    if not found:
        return Response(None, status_code=204)
    rows = [{"id": each["id"]} for each in found]
    return Response({"data": rows, "info": {"count": len(rows), "more_records": False}}, status_code=200)


def _upsert(account: Account, module: str, asked: Any) -> Response[Any]:
    if len(asked["data"]) > _MOST:
        raise Refused(400, "LIMIT_EXCEEDED", "too many records")
    unique = asked.get("duplicate_check_fields", [])

    def one(given: Any) -> dict[str, Any]:
        record, new = account.upsert(module, given, unique)
        return _done(record["id"], action="insert" if new else "update")

    return _each([lambda given=given: one(given) for given in asked["data"]])


def _updated(account: Account, module: str, record_id: str, given: Any) -> dict[str, Any]:
    account.update(module, account.get(module, record_id), given)
    return _done(record_id)


def _deleted(account: Account, module: str, record_id: str) -> dict[str, Any]:
    del account.records[module][account.get(module, record_id)["id"]]
    return _done(record_id)


def _done(record_id: str, **more: Any) -> dict[str, Any]:
    return {"code": "SUCCESS", "status": "success", "message": "done", "details": {"id": record_id}, **more}


def _each(jobs: list[Any]) -> Response[Any]:
    """200 when all went well, 400 when none did, 207 in between."""
    results, failed = [], 0
    for job in jobs:
        try:
            results.append(job())
        except Refused as error:
            failed += 1
            results.append(error.body)
    status = 200 if not failed else 400 if failed == len(jobs) else 207
    return Response({"data": results}, status_code=status)


def _refusal(failure: FailureKind) -> Response[Any]:
    if failure == "rate_limit":
        return _refused(Refused(429, "TOO_MANY_REQUESTS", "Too many requests", retry_after=60))
    if failure == "expired_token":
        return _refused(Refused(401, "INVALID_TOKEN", "invalid oauth token"))
    return _refused(Refused(500, "INTERNAL_ERROR", "Internal Server Error"))


def _refused(error: Refused) -> Response[Any]:
    return Response(error.body, status_code=error.status)
