"""The fields that Salesforce must have for us. An owner makes those of ours: its API gives a new field to
nobody, so that one made through it would not be seen."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from socialai.crms.shapes import Shape
from socialai.errors import DeliveryError
from socialai.platforms.base import Finding
from socialai.platforms.calls import Calls

ID, SOCIAL_ID, SCORE, REASONS = "SocialAI_ID__c", "Social_ID__c", "LeadScore__c", "SocialAI_Reasons__c"
KEY = "SocialAI_Key__c"
_NUMBERS = frozenset({"double", "int", "currency", "percent"})

WANTED: Mapping[str, Mapping[str, str]] = {
    "Lead": {
        ID: "Text, length 80, Unique, External ID",
        SOCIAL_ID: "Text, length 120",
        SCORE: "Number, length 3",
        REASONS: "Text Area (Long)",
    },
    "Task": {KEY: "Text, length 120, Unique, External ID"},
}
_WHERE = {"Lead": "Object Manager → Lead", "Task": "Object Manager → Activity"}


class Field(Struct, rename="camel"):
    name: str
    type: str = "string"
    length: int = 0
    external_id: bool = False


class Description(Struct):
    fields: list[Field]


def describe(calls: Calls, data: str, kind: str) -> dict[str, Field]:
    found = calls.read(f"{data}/sobjects/{kind}/describe", {}, Description)
    return {one.name: one for one in found.fields}


def shapes(fields: Mapping[str, Field]) -> dict[str, Shape]:
    return {
        name: Shape("number") if one.type in _NUMBERS else Shape("text", one.length)
        for name, one in fields.items()
    }


def look(calls: Calls, data: str) -> Iterator[Finding]:
    """One finding for each kind of object."""
    for kind, wanted in WANTED.items():
        try:
            known = describe(calls, data, kind)
        except DeliveryError as error:
            yield Finding(f"Fields of {kind}", "fix", str(error))
            continue
        yield _found(kind, wanted, known)


def _found(kind: str, wanted: Mapping[str, str], known: Mapping[str, Field]) -> Finding:
    missing = [f"{_label(name)} ({type_})" for name, type_ in wanted.items() if name not in known]
    if not missing:
        weak = [name for name in (ID, KEY) if name in wanted and not known[name].external_id]
        if not weak:
            return Finding(f"Fields of {kind}", "ok", "All fields of ours are there.")
        says = f"In Salesforce tick “Unique” and “External ID” of the field {weak[0]}."
        return Finding(f"Fields of {kind}", "fix", says)
    says = (
        f"In Salesforce open Setup → {_WHERE[kind]} → Fields & Relationships → New, and make: "
        f"{'; '.join(missing)}. Let the hub's user see and edit each of them, then run this check again."
    )
    return Finding(f"Fields of {kind}", "fix", says)


def _label(name: str) -> str:
    return name.removesuffix("__c")
