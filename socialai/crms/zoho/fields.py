"""The fields of ours that Zoho does not have: made once, where its edition and the scopes let us."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from socialai.crms.shapes import Shape
from socialai.errors import DeliveryError
from socialai.platforms.base import Finding
from socialai.platforms.calls import Calls

ID, SOCIAL_ID, SCORE, REASONS = "SocialAI_ID", "Social_ID", "Lead_Score", "Score_Reasons"
KEY = "SocialAI_Key"
_NUMBERS = frozenset({"integer", "bigint", "double", "currency"})


class Wanted(Struct, frozen=True):
    name: str
    kind: str = "text"
    length: int = 120
    unique: bool = False

    @property
    def label(self) -> str:
        """Zoho names a field after its label."""
        return self.name.replace("_", " ")


WANTED: Mapping[str, Sequence[Wanted]] = {
    "Leads": (
        Wanted(ID, unique=True),
        Wanted(SOCIAL_ID),
        Wanted(SCORE, "integer", 9),
        Wanted(REASONS, "textarea", 2000),
    ),
    "Tasks": (Wanted(KEY, unique=True),),
}


class Known(Struct):
    api_name: str
    data_type: str = "text"
    length: int = 0


class Fields(Struct):
    fields: list[Known]


def describe(calls: Calls, path: str, module: str) -> dict[str, Known]:
    found = calls.read(path, {"module": module}, Fields).fields
    return {one.api_name: one for one in found}


def shapes(known: Mapping[str, Known]) -> dict[str, Shape]:
    return {
        name: Shape("number") if one.data_type in _NUMBERS else Shape("text", one.length)
        for name, one in known.items()
    }


def make(calls: Calls, path: str) -> Iterator[Finding]:
    """One finding for each module."""
    for module, wanted in WANTED.items():
        try:
            known = describe(calls, path, module)
            missing = [one for one in wanted if one.name not in known]
            if missing:
                told = {"fields": [_told(one) for one in missing]}
                calls.repeat("POST", path, params={"module": module}, json=told)
        except DeliveryError as error:
            names = ", ".join(f"“{one.label}”{' (unique)' if one.unique else ''}" for one in wanted)
            says = f"{error} In Zoho open Setup → Modules and Fields → {module} and add the fields {names}."
            yield Finding(f"Fields of {module}", "fix", says)
        else:
            yield Finding(f"Fields of {module}", "ok", "All fields of ours are there.")


def _told(one: Wanted) -> Mapping[str, Any]:
    told: dict[str, Any] = {"field_label": one.label, "data_type": one.kind, "length": one.length}
    return told | ({"unique": {"casesensitive": False}} if one.unique else {})
