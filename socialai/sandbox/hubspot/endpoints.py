"""HubSpot's CRM API over HTTP, as far as it is used here. Source: shared contract sheet."""

from typing import Any

import msgspec
from litestar import Response, route
from litestar.params import FromPath

from socialai.sandbox.crm import Asked, perform
from socialai.sandbox.failures import FailureKind
from socialai.sandbox.hubspot.account import Account, Property, Refused

Shown = dict[str, Any]
_MOST = 100


@route("/{path:path}", http_method=["GET", "POST", "PATCH", "PUT", "DELETE"])
async def call(request: Asked, path: FromPath[str]) -> Response[Any]:
    account, body = request.app.state.account, await request.body()
    asked = msgspec.json.decode(body) if body and b"=" not in body[:20] else {}
    if path.strip("/") == "oauth/v1/token":
        return _token(request, body.decode())
    if request.headers.get("authorization") != f"Bearer {request.app.state.token}":
        return _refused(
            Refused(401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired.")
        )

    def work() -> Response[Any]:
        try:
            with account.lock:
                return _answer(account, request, path.strip("/").split("/"), asked)
        except Refused as error:
            return _refused(error)

    return await perform(request, work, _refusal)


def _token(request: Asked, body: str) -> Response[Any]:
    if f"refresh_token={request.app.state.refresh_token}" not in body:
        return _refused(Refused(400, "BAD_REFRESH_TOKEN", "missing or invalid refresh token"))
    granted = {"token_type": "bearer", "access_token": request.app.state.token, "expires_in": 1800}
    return Response({**granted, "refresh_token": request.app.state.refresh_token}, status_code=200)


def _answer(account: Account, request: Asked, parts: list[str], asked: Any) -> Response[Any]:
    if parts[:2] == ["account-info", "v3"]:
        return Response({"portalId": account.portal, "uiDomain": "app.hubspot.com"}, status_code=200)
    if parts[:3] == ["crm", "v4", "objects"]:
        kind, number, _, _, other, to = parts[3:]
        account.find(kind, number), account.find(other, to)
        account.associations.add((kind, number, other, to))
        return Response({"status": "COMPLETE"}, status_code=200)
    area, kind, rest = _place(parts)
    if area == "properties":
        return _properties(account, request.method, kind, rest, asked)
    return _objects(account, request, kind, rest, asked)


def _place(parts: list[str]) -> tuple[str, str, list[str]]:
    """`crm/v3/objects/contacts/…` and `crm/objects/2026-03/contacts/…` are the same place."""
    if parts[0] != "crm" or len(parts) < 4:
        raise Refused(404, "NOT_FOUND", "no such path")
    area = parts[2] if parts[1] == "v3" else parts[1]
    if area not in ("objects", "properties") or parts[3] not in ("contacts", "tasks", "notes"):
        raise Refused(404, "NOT_FOUND", "no such path")
    return area, parts[3], parts[4:]


def _properties(account: Account, method: str, kind: str, rest: list[str], asked: Any) -> Response[Any]:
    known = account.properties[kind]
    if method == "GET":
        return Response({"results": [{"name": name} for name in known]}, status_code=200)
    if rest == ["groups"]:
        if (kind, asked["name"]) in account.groups:
            raise Refused(409, "OBJECT_ALREADY_EXISTS", "Group already exists")
        account.groups.add((kind, asked["name"]))
        return Response({"name": asked["name"]}, status_code=201)
    if asked["name"] in known:
        raise Refused(409, "OBJECT_ALREADY_EXISTS", "Property already exists")
    if (kind, asked["groupName"]) not in account.groups:
        raise Refused(400, "VALIDATION_ERROR", "Property group does not exist")
    known[asked["name"]] = Property(asked["name"], bool(asked.get("hasUniqueValue")))
    return Response(asked, status_code=201)


def _objects(account: Account, request: Asked, kind: str, rest: list[str], asked: Any) -> Response[Any]:
    match request.method, rest:
        case "POST", []:
            return Response(account.create(kind, asked["properties"]).shown(), status_code=201)
        case "POST", ["search"]:
            (wanted,) = asked["filterGroups"][0]["filters"]
            found = account.search(kind, wanted["propertyName"], wanted["value"])
            return Response({"total": len(found), "results": [one.shown() for one in found]}, status_code=200)
        case "POST", ["batch", "upsert"]:
            return _upsert(account, kind, asked["inputs"])
        case "POST", ["gdpr-delete"]:
            account.records[kind].pop(asked["objectId"], None)
            return Response(None, status_code=204)
        case "GET", [value]:
            names = request.query_params.get("properties")
            record = account.find(kind, value, request.query_params.get("idProperty"))
            return Response(record.shown(names.split(",") if names else None), status_code=200)
        case "PATCH", [value]:
            record = account.find(kind, value, request.query_params.get("idProperty"))
            return Response(account.update(kind, record, asked["properties"]).shown(), status_code=200)
        case "DELETE", [value]:
            account.records[kind].pop(value, None)
            return Response(None, status_code=204)
    raise Refused(404, "NOT_FOUND", "no such path")


def _upsert(account: Account, kind: str, inputs: list[Any]) -> Response[Any]:
    if len(inputs) > _MOST:
        raise Refused(400, "VALIDATION_ERROR", "too many inputs")
    made = [account.upsert(kind, one["idProperty"], one["id"], one["properties"]) for one in inputs]
    results = [{**record.shown(), "new": new} for record, new in made]
    return Response({"status": "COMPLETE", "results": results}, status_code=200)


def _refusal(failure: FailureKind) -> Response[Any]:
    if failure == "rate_limit":
        refused = Refused(429, "RATE_LIMITS", "You have reached your ten_secondly_rolling limit.")
        limit = {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}
        return Response({**refused.body, **limit}, status_code=429)
    if failure == "expired_token":
        return _refused(Refused(401, "EXPIRED_AUTHENTICATION", "The token expired."))
    return Response("<html>Bad gateway</html>", status_code=502, media_type="text/html")


def _refused(error: Refused) -> Response[Any]:
    return Response(error.body, status_code=error.status)
