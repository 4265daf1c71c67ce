"""Requests and answers held against a platform's own OpenAPI specification (in ../shared)."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import jsonschema_rs
from schemathesis.core.deserialization import deserialize_yaml

from tests.platforms.test_shared_payloads import SHARED

SPECS = SHARED / "contracts" / "specs"


class Spec:
    def __init__(self, path: Path) -> None:
        text = path.read_text("utf-8")
        self._spec: Any = _open(deserialize_yaml(text) if path.suffix == ".yaml" else json.loads(text))

    def check_request(self, request: httpx.Request) -> str:
        """Path, query and body are as the operation wants them; its name."""
        operation, names = self._find(request.method, request.url.path)
        declared = [self._parameter(each) for each in operation.get("parameters", ())]
        query = dict(request.url.params)
        assert set(query) <= {each["name"] for each in declared if each["in"] == "query"}, request.url
        places = {"path": names, "query": query, "header": request.headers}
        for each in declared:
            told = places[each["in"]]
            if each["name"] in told:
                self._check(each["schema"], _as(self._resolved(each["schema"]), told[each["name"]]))
            else:
                assert not each.get("required"), each["name"]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            self._check(content["schema"], json.loads(request.content))
        return str(operation.get("operationId", request.url.path))

    def check_answer(self, method: str, path: str, response: httpx.Response) -> None:
        """The status is one that the operation knows, and the body is what belongs to it."""
        answers = self._find(method, path)[0]["responses"]
        told = answers.get(str(response.status_code)) or answers["default"]
        kind = response.headers["content-type"].split(";")[0]
        self._check(told["content"][kind]["schema"], response.json())

    def arguments(self, path: str) -> set[str]:
        """Of a method that is asked for with a body, in whichever form."""
        content = self._find("POST", path)[0].get("requestBody", {}).get("content", {})
        return {name for form in content.values() for name in form["schema"].get("properties", ())}

    def example(self, method: str, path: str, name: str) -> Any:
        """The body of one of the operation's own examples."""
        content = self._find(method, path)[0]["requestBody"]["content"]["application/json"]
        return content["examples"][name]["value"]

    def enumeration(self, schema: str, field: str) -> set[str]:
        return set(self._spec["components"]["schemas"][schema]["properties"][field]["enum"])

    def _find(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        """What is said literally goes before what is a name."""
        parts = path.strip("/").split("/")
        for template in sorted(self._spec["paths"], key=lambda each: each.count("{")):
            wanted = template.strip("/").split("/")
            if len(wanted) != len(parts) or method.lower() not in self._spec["paths"][template]:
                continue
            pairs = list(zip(wanted, parts, strict=True))
            if all(one.startswith("{") or one == other for one, other in pairs):
                names = {one[1:-1]: unquote(other) for one, other in pairs if one.startswith("{")}
                return self._spec["paths"][template][method.lower()], names
        raise AssertionError(f"{method} {path} is not in the specification.")

    def _parameter(self, parameter: dict[str, Any]) -> dict[str, Any]:
        return self._resolved(parameter)

    def _resolved(self, thing: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in thing:
            found: Any = self._spec
            for step in thing["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            thing = found
        return thing

    def _check(self, schema: dict[str, Any], value: Any) -> None:
        whole = {"allOf": [schema], "components": self._spec["components"]}
        jsonschema_rs.Draft4Validator(whole).validate(value)


def _as(schema: dict[str, Any], written: str) -> Any:
    """A value of a query or a path, as its schema means it."""
    if schema.get("type") == "array":
        return written.split(",")
    return int(written) if schema.get("type") == "integer" else written


def _open(thing: Any) -> Any:
    """Parts of an `allOf` that forbid what their siblings demand let nothing through, not even the platform's
    own examples: they do not forbid it here."""
    if isinstance(thing, list):
        return [_open(each) for each in thing]
    if not isinstance(thing, dict):
        return thing
    parts = [{**part, "additionalProperties": True} for part in thing.get("allOf", ())]
    return {key: _open(parts if key == "allOf" and parts else each) for key, each in thing.items()}
