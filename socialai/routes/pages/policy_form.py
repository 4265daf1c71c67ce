"""The tenant's Policy as a form in plain words, and back."""

from collections.abc import Iterator
from typing import Any, Literal, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from socialai.domain.policy import Policy
from socialai.routes.pages.form import Errors, Values, is_on, text
from socialai.routes.pages.policy_sections import SECTIONS, Section, Setting

Kind = Literal["number", "text", "lines", "switch"]


class Shown(Struct, frozen=True):
    """A setting with what is in it now."""

    setting: Setting
    kind: Kind
    value: str
    error: str


def shown(policy: Policy, entered: Values | None, errors: Errors) -> list[tuple[Section, list[Shown]]]:
    """`entered`: what was typed and not accepted."""
    return [
        (section, [_shown(setting, policy, entered, errors) for setting in section.settings])
        for section in SECTIONS
    ]


def read(policy: Policy, data: Values) -> tuple[Policy, dict[str, str]]:
    """The policy that the form says, and what is wrong by setting; then the policy is as before."""
    values: dict[str, Any] = msgspec.to_builtins(policy)
    errors: dict[str, str] = {}
    for setting in _settings():
        try:
            place, name = _place(values, setting.name)
            place[name] = msgspec.to_builtins(_converted(setting, data))
        except msgspec.ValidationError as error:
            errors[setting.name] = _plain(setting, error)
    return (policy, errors) if errors else (msgspec.convert(values, Policy), errors)


def _settings() -> Iterator[Setting]:
    return (setting for section in SECTIONS for setting in section.settings)


def _shown(setting: Setting, policy: Policy, entered: Values | None, errors: Errors) -> Shown:
    kind = _kind(_type(setting.name))
    value = _as_text(_value(policy, setting.name)) if entered is None else text(entered, setting.name)
    return Shown(setting, kind, value, errors.get(setting.name, ""))


def _converted(setting: Setting, data: Values) -> Any:
    wanted = _type(setting.name)
    kind = _kind(wanted)
    if kind == "switch":
        return is_on(data, setting.name)
    typed = text(data, setting.name).strip()
    if kind == "lines":
        lines = (line.strip() for line in typed.splitlines())
        return msgspec.convert([line for line in lines if line], wanted)
    return msgspec.convert(typed.replace(",", ".") if kind == "number" else typed, wanted, strict=False)


def _plain(setting: Setting, error: msgspec.ValidationError) -> str:
    if setting.least is not None:
        return f"Give a number from {setting.least:g} to {setting.most:g}."
    if setting.name == "region":
        return "Give the two letters of a country, for example NO."
    return f"This cannot be: {str(error).partition(' - at ')[0]}."


def _type(name: str) -> Any:
    owner, kind = Policy, None
    for part in name.split("."):
        kind = get_type_hints(owner, include_extras=True)[part]
        owner = kind
    return kind


def _kind(wanted: Any) -> Kind:
    bare = getattr(wanted, "__origin__", wanted) if hasattr(wanted, "__metadata__") else wanted
    if get_origin(bare) is tuple:
        return "lines"
    return "switch" if bare is bool else "number" if bare in (int, float) else "text"


def _value(policy: Policy, name: str) -> Any:
    value: Any = policy
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, tuple):
        return "\n".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _place(values: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    *path, last = name.split(".")
    for part in path:
        values = values[part]
    return values, last
