"""A form drawn from a Struct, a platform's Config or its app: the order, titles and words are the
adapter's."""

from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.inspect import BoolType, Metadata, StructType, type_info

from socialai.errors import InvalidInput
from socialai.platforms.base import destination_fields, generated_fields, secret_fields
from socialai.routes.pages.form import Errors, Values, is_on, text


class Field(Struct, frozen=True):
    name: str
    title: str
    hint: str
    kind: Literal["text", "secret", "switch"]
    required: bool
    value: str = ""
    error: str = ""


def fields(config: type[Struct], values: Values, errors: Errors, *, renewing: bool = False) -> list[Field]:
    """`renewing`: a secret left empty stays as it is."""
    info = type_info(config)
    assert isinstance(info, StructType)
    secrets, made = secret(config), generated_fields(config)
    return [
        _field(each, values, errors, each.name in secrets, optional=renewing and each.name in secrets)
        for each in info.fields
        if each.name not in made
    ]


def secret(config: type[Struct]) -> set[str]:
    """Names of the fields that are never shown."""
    return set(secret_fields(config))


def entered(config: type[Struct], data: Values) -> dict[str, Any]:
    """What was filled in, ready for the Config; an empty field counts as left out."""
    known = fields(config, {}, {})
    switches = {field.name: is_on(data, field.name) for field in known if field.kind == "switch"}
    texts = {field.name: text(data, field.name).strip() for field in known if field.kind != "switch"}
    return switches | {name: value for name, value in texts.items() if value}


def missing(config: type[Struct], values: Values) -> dict[str, str]:
    return {
        field.name: f"{field.title} is needed."
        for field in fields(config, values, {})
        if field.required and not values.get(field.name)
    }


def check_destination(config: type[Struct], kept: Values, data: Values) -> None:
    """Whoever may connect again may not read the secrets, so not have them sent to an address of theirs."""
    moved = [name for name in destination_fields(config) if data.get(name, kept[name]) != kept[name]]
    if moved and not all(name in data for name in secret_fields(config)):
        title = next(field.title for field in fields(config, {}, {}) if field.name == moved[0])
        raise InvalidInput(f"The {title} is another one than before. Enter the secrets again with it.")


def placed(config: type[Struct], message: str) -> dict[str, str]:
    """The message under the field it speaks of; under '' when it names none."""
    said = message.lower()
    for field in fields(config, {}, {}):
        if field.title.lower() in said or field.name in said or field.name.replace("_", " ") in said:
            return {field.name: message}
    return {"": message}


def _field(
    field: msgspec.inspect.Field, values: Values, errors: Errors, secret: bool, *, optional: bool
) -> Field:
    about = (field.type.extra_json_schema or {}) if isinstance(field.type, Metadata) else {}
    is_switch = isinstance(_bare(field.type), BoolType)
    default = "" if field.default in (msgspec.NODEFAULT, None, False) else str(field.default)
    value = values.get(field.name, default)
    return Field(
        name=field.name,
        title=about.get("title") or field.name.replace("_", " ").capitalize(),
        hint=_hint(about.get("description", ""), optional),
        kind="switch" if is_switch else "secret" if secret else "text",
        required=field.required and not optional,
        value=("on" if value else "") if is_switch else str(value or ""),
        error=errors.get(field.name, ""),
    )


def _hint(description: str, optional: bool) -> str:
    return f"{description} Leave it empty to keep the one that is there." if optional else description


def _bare(kind: msgspec.inspect.Type) -> msgspec.inspect.Type:
    return kind.type if isinstance(kind, Metadata) else kind
