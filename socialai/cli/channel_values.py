"""Where `channel add` has a platform's fields from: --set, variables, JSON, and questions for the rest."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import typer
from msgspec.inspect import Metadata, StructType

from socialai.errors import InvalidInput
from socialai.platforms.base import Platform, secret_fields

_LONGEST_INPUT = 100_000


def gather(kind: type[Platform], given: Sequence[str], *, from_env: bool, stdin: bool) -> dict[str, Any]:
    """All that the platform's Config needs; what is still missing is asked for."""
    values = _given(kind, given)
    if stdin:
        values |= _from_json(kind, sys.stdin.read(_LONGEST_INPUT))
    if from_env:
        values |= _from_environment(kind)
    for field in _fields(kind):
        if field.required and field.name not in values:
            if stdin:
                raise InvalidInput(f"The field {field.name} is missing.")
            values[field.name] = _asked(field, hidden=field.name in secret_fields(kind.Config))
    return _typed(kind, values)


def _given(kind: type[Platform], given: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise InvalidInput(f"--set takes a field and a value, like page_id=123, not '{each}'.")
        _check_name(kind, name)
        if name in secret_fields(kind.Config):
            raise InvalidInput(
                f"The {name} is secret, and others on this machine can see arguments. "
                "Leave it out to be asked for it, or use --from-env or --stdin. If it was real, renew it."
            )
        values[name] = value
    return values


def _from_environment(kind: type[Platform]) -> dict[str, Any]:
    names = {field.name: f"{kind.kind}_{field.name}".upper() for field in _fields(kind)}
    return {name: os.environ[variable] for name, variable in names.items() if variable in os.environ}


def _from_json(kind: type[Platform], text: str) -> dict[str, Any]:
    try:
        values = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        raise InvalidInput('Standard input is no JSON object like {"page_id": "123", …}.') from None
    for name in values:
        _check_name(kind, name)
    return values


def _check_name(kind: type[Platform], name: str) -> None:
    known = [field.name for field in _fields(kind)]
    if name not in known:
        raise InvalidInput(f"{kind.title} has no field '{name}'. Its fields: {', '.join(known)}.")


def _asked(field: msgspec.inspect.Field, *, hidden: bool) -> str:
    about = (field.type.extra_json_schema or {}) if isinstance(field.type, Metadata) else {}
    if about.get("description"):
        typer.echo(about["description"], err=True)
    return str(typer.prompt(about.get("title", field.name), hide_input=hidden, err=True))


def _typed(kind: type[Platform], values: dict[str, Any]) -> dict[str, Any]:
    """'true' and '1' from a shell as what the field is."""
    try:
        config = msgspec.convert(values, kind.Config, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"These {kind.title} details are not complete: {error}.") from None
    typed: dict[str, Any] = msgspec.to_builtins(config)
    return typed


def _fields(kind: type[Platform]) -> tuple[msgspec.inspect.Field, ...]:
    info = msgspec.inspect.type_info(kind.Config)
    assert isinstance(info, StructType)
    return info.fields
