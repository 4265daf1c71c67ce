"""Whatever comes in under a good signature, on every platform: it is read, or refused as not understood."""

import copy
import json
from functools import cache
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.errors import ParseError
from socialai.platforms.base import Platform
from tests.platforms.sample import fixtures

unhurried = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
"""How long one example takes depends on what else this machine does; the fixtures only name the platform."""

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@unhurried
@given(body=st.binary())
def test_any_bytes_are_read_or_refused(platform: type[Platform], body: bytes) -> None:
    read_or_refused(platform, body)


@unhurried
@given(payload=JSON)
def test_any_json_is_read_or_refused(platform: type[Platform], payload: Any) -> None:
    read_or_refused(platform, json.dumps(payload).encode())


@unhurried
@given(data=st.data())
def test_a_changed_fixture_is_read_or_refused(
    kind: str, platform: type[Platform], data: st.DataObject
) -> None:
    payload = data.draw(payloads(kind))
    for _ in range(data.draw(st.integers(1, 3))):
        change_one(payload, data)
    read_or_refused(platform, json.dumps(payload).encode())


@unhurried
@given(data=st.data())
def test_a_torn_fixture_is_read_or_refused(kind: str, platform: type[Platform], data: st.DataObject) -> None:
    body = json.dumps(data.draw(payloads(kind))).encode()
    cut = data.draw(st.integers(0, len(body)))
    rest = body[cut + data.draw(st.integers(0, 3)) :]
    read_or_refused(platform, body[:cut] + data.draw(st.binary(max_size=3)) + rest)


@cache
def payloads(kind: str) -> st.SearchStrategy[Any]:
    known = [fixture.payload for fixture in fixtures(kind).values()]
    return st.sampled_from(known).map(copy.deepcopy)


def read_or_refused(platform: type[Platform], body: bytes) -> None:
    """The only two ways out: at least one happening whose texts a database can keep, or ParseError."""
    try:
        read = platform.parse(body)
    except ParseError:
        return
    assert read
    assert msgspec.json.encode(read)


def change_one(payload: Any, data: st.DataObject) -> None:
    """Remove or replace one value, anywhere."""
    places = list(_places(payload))
    if not places:
        return
    holder, key = data.draw(st.sampled_from(places))
    if data.draw(st.booleans()):
        holder[key] = data.draw(JSON)
    else:
        del holder[key]


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys = (
        list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    )
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]
