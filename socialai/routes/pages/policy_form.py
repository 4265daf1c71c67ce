"""The tenant's Policy as a form in plain words, and back."""

from collections.abc import Iterator
from typing import Any, Literal, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from socialai.domain.policy import Policy
from socialai.routes.pages.form import Errors, Values, is_on, text

Kind = Literal["number", "text", "lines", "switch"]


class Setting(Struct, frozen=True):
    """`name` is the path in Policy, with a dot: 'weights.intent'."""

    name: str
    label: str
    hint: str = ""
    least: float | None = None
    most: float | None = None
    step: float = 1
    is_long: bool = False


class Section(Struct, frozen=True):
    id: str
    title: str
    about: str
    settings: tuple[Setting, ...]


class Shown(Struct, frozen=True):
    """A setting with what is in it now."""

    setting: Setting
    kind: Kind
    value: str
    error: str


SECTIONS = (
    Section(
        "voice",
        "How replies sound",
        "The facts come from your knowledge; the words around them are yours.",
        (
            Setting(
                "voice.greeting", "Greeting", "{name} becomes the contact's first name; left out if unknown."
            ),
            Setting("voice.welcome", "To a mere hello", "The answer when nothing is asked yet."),
            Setting(
                "voice.call_to_action",
                "Invitation to buy",
                "Only in replies to people who want to buy.",
            ),
            Setting("voice.signature", "Signature", "Ends every reply. Empty: none."),
            Setting(
                "voice.cannot_answer",
                "When it cannot answer",
                "The draft when your knowledge does not say it; a person then takes over.",
                is_long=True,
            ),
        ),
    ),
    Section(
        "rules",
        "When a person is needed",
        "Any of these brings the conversation to you, with the reason.",
        (
            Setting(
                "rules.words",
                "These words",
                "One on each line, in any case. Refunds and lawyers, for example.",
                is_long=True,
            ),
            Setting(
                "rules.angry_below", "Angrier than", "Mood from -1 (furious) to 1 (delighted).", -1, 0, 0.05
            ),
            Setting("rules.high_urgency", "Something is urgent"),
            Setting("rules.vip_sales", "A hot lead wants to buy"),
            Setting("rules.no_evidence", "The knowledge does not answer it"),
            Setting("rules.foreign_language", "The message is not in English"),
            Setting("rules.low_confidence", "The assistant is not sure what is meant"),
            Setting("rules.foreign_language", "The message is in a language the assistant did not learn"),
            Setting("rules.injection", "The message tries to instruct the assistant"),
        ),
    ),
    Section(
        "sure",
        "How sure it must be",
        "Higher is more careful: fewer answers, fewer mistakes.",
        (
            Setting(
                "confidence",
                "Sure of the intent",
                "Below it, a message is treated as a plain inquiry.",
                0,
                1,
                0.01,
            ),
            Setting(
                "escalate_confidence",
                "Else a person looks",
                "Less sure than this, it asks for you.",
                0,
                1,
                0.01,
            ),
            Setting(
                "spam_confidence",
                "Sure that it is spam",
                "From here on spam gets no answer; below it, a person looks.",
                0,
                1,
                0.01,
            ),
            Setting(
                "evidence",
                "Fits the question",
                "Passages that fit less are not quoted. Try it under Knowledge.",
                0,
                1,
                0.01,
            ),
            Setting("max_hits", "Passages looked at", "The best ones, for each question.", 1, 20),
        ),
    ),
    Section(
        "lead",
        "Lead score",
        "What each part can give. The four add up to 100.",
        (
            Setting("weights.intent", "What they want", "Full points for wanting to buy.", 0, 100),
            Setting("weights.sentiment", "Their mood", "", 0, 100),
            Setting(
                "weights.engagement", "How much they wrote", "Full points from five earlier messages.", 0, 100
            ),
            Setting("weights.profile", "What is known of them", "E-mail, phone or profile.", 0, 100),
            Setting("thresholds.hot", "Hot over", "", 0, 100),
            Setting("thresholds.warm", "Warm from", "", 0, 100),
        ),
    ),
    Section(
        "memory",
        "What it remembers and looks for",
        "",
        (
            Setting("memory_messages", "Last messages it reads", "", 1, 200),
            Setting("memory_days", "From the last days", "", 1, 365),
            Setting(
                "region",
                "Country of phone numbers",
                "Two letters, for example NO. It reads numbers without a country code.",
            ),
            Setting(
                "products",
                "Names of your products",
                "One on each line; they are recognised in messages.",
                is_long=True,
            ),
            Setting(
                "order_patterns",
                "What order numbers look like",
                "One example or pattern on each line.",
                is_long=True,
            ),
        ),
    ),
)


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
