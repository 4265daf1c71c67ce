"""The adapter quality list: what every platform must do, tried on each."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from socialai.domain.happening import (
    Deleted,
    Delivered,
    Echoed,
    Edited,
    Happening,
    Ignored,
    Read,
    Received,
    Unreadable,
)
from socialai.domain.limits import Limits, size
from socialai.domain.text import shorten, split
from socialai.errors import DeliveryError, ParseError, SignatureError
from socialai.platforms.base import Outgoing, Platform, WebhookRequest, secret_fields
from tests.platforms.sample import Sample, fixtures
from tests.platforms.wire import Wire

NOW = datetime(2025, 11, 22, 12, 0, tzinfo=UTC)
BODY = b'{"hello": "world"}'
PRIVATE = "The gate code is 4711-Blåbær."
LONG = "We ship to Norway, Sweden and Iceland. It takes three days! " * 80


def outgoing(text: str = PRIVATE) -> Outgoing:
    return Outgoing(
        contact="7310044290018823",
        text=text,
        key="socialai:4b1d",
        last_contact_message_at=NOW - timedelta(minutes=5),
        by_person=False,
    )


def delivery(body: bytes, headers: Any) -> WebhookRequest:
    return WebhookRequest(headers=headers, query={}, body=body)


def failure(platform: type[Platform], sample: Sample, answer: httpx.Response | Exception) -> DeliveryError:
    if "wire" in sample.lacks:
        pytest.skip("Its platform is this hub: nothing goes over a wire that could fail.")
    with pytest.raises(DeliveryError) as caught:
        platform(sample.config, Wire(answer).client()).send(usual(platform), NOW)
    return caught.value


def usual(platform: type[Platform]) -> Outgoing:
    """A private message; where there is none, a public answer."""
    (thread, _), *_ = ways(platform)
    return msgspec.structs.replace(outgoing(), thread=thread, answers="9" if thread else None)


def every_failure(sample: Sample) -> list[httpx.Response | Exception]:
    if "wire" in sample.lacks:
        return []
    answers = (sample.blocked, sample.bad_request, sample.dead_token, sample.limited)
    broken = (httpx.ConnectError("refused"), httpx.ReadTimeout("late"), httpx.ReadError("cut"))
    return [
        *(answer() for answer in answers),
        *broken,
        httpx.Response(200, text="<html>"),
        httpx.Response(500),
    ]


def every_happening(kind: str) -> list[Happening]:
    return [what for fixture in fixtures(kind).values() for what in fixture.becomes]


def test_a_genuine_delivery_is_accepted(platform: type[Platform], sample: Sample) -> None:
    platform(sample.config, Wire().client()).verify(delivery(BODY, sample.sign(BODY)))


def test_an_unsigned_delivery_is_rejected(platform: type[Platform], sample: Sample) -> None:
    with pytest.raises(SignatureError):
        platform(sample.config, Wire().client()).verify(delivery(BODY, {}))


def test_a_forged_delivery_is_rejected(platform: type[Platform], sample: Sample) -> None:
    adapter = platform(sample.config, Wire().client())
    signed = sample.sign(BODY).items()
    forged = {name: f"{'x' if value[0] != 'x' else 'y'}{value[1:]}" for name, value in signed}
    with pytest.raises(SignatureError):
        adapter.verify(delivery(BODY, forged))
    if "signature of the body" not in sample.lacks:
        with pytest.raises(SignatureError):
            adapter.verify(delivery(BODY + b" ", sample.sign(BODY)))


def test_what_is_kept_of_a_delivery_says_the_same_and_whose_it_is(
    kind: str, platform: type[Platform], sample: Sample
) -> None:
    adapter = platform(sample.config, Wire().client())
    for name, fixture in fixtures(kind).items():
        kept = platform.parse(adapter.label(fixture.body))
        assert kept == [_told(what, adapter.external_id) for what in fixture.becomes], name


def test_the_way_in_can_be_tried_as_the_platform_would(platform: type[Platform], sample: Sample) -> None:
    adapter = platform(sample.config, Wire().client())
    if not (rehearsal := adapter.rehearse()):
        return
    if rehearsal.query:
        assert rehearsal.answer in adapter.handshake(rehearsal.query).text
        with pytest.raises(SignatureError):
            adapter.handshake({})
    adapter.verify(delivery(rehearsal.body, rehearsal.headers))
    assert all(isinstance(what, Ignored) for what in platform.parse(rehearsal.body))


def test_every_fixture_becomes_what_it_says(kind: str, platform: type[Platform]) -> None:
    for name, fixture in fixtures(kind).items():
        assert platform.parse(fixture.body) == fixture.becomes, name


def test_a_repeated_delivery_says_the_same_again(kind: str, platform: type[Platform]) -> None:
    for fixture in fixtures(kind).values():
        assert platform.parse(fixture.body) == platform.parse(fixture.body)


def test_ids_may_be_numbers_or_text(kind: str, platform: type[Platform], sample: Sample) -> None:
    for name, fixture in fixtures(kind).items():
        for change in (_as_text, _as_number):
            body = msgspec.json.encode(_changed(fixture.payload, sample.id_keys, change))
            # Where an item cannot be read, its reason names the shape; the rest must be the same.
            assert _readable(platform.parse(body)) == _readable(fixture.becomes), name


@pytest.mark.parametrize(
    "wanted",
    [
        *("text", "attachment", "own echo", "own echo with our key", "receipt", "edit", "delete"),
        *("unknown kind", "several entries"),
    ],
)
def test_the_fixtures_hold_every_kind(kind: str, sample: Sample, wanted: str) -> None:
    assert wanted in sample.lacks or _has(kind, wanted)


def test_what_is_ignored_or_unreadable_has_a_reason(kind: str) -> None:
    for what in every_happening(kind):
        if isinstance(what, Ignored | Unreadable):
            assert what.reason.strip()


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_a_body_in_no_shape_we_know_is_a_parse_error(platform: type[Platform], body: bytes) -> None:
    with pytest.raises(ParseError):
        platform.parse(body)


def test_a_sent_message_has_the_platforms_id(platform: type[Platform], sample: Sample) -> None:
    assert (
        platform(sample.config, Wire(sample.accepts()).client()).send(usual(platform), NOW) == sample.sent_id
    )


def test_blocked_and_bad_requests_are_permanent(platform: type[Platform], sample: Sample) -> None:
    assert failure(platform, sample, sample.blocked()).outcome == "permanent"
    assert failure(platform, sample, sample.bad_request()).outcome == "permanent"


def test_a_dead_token_asks_for_a_person(platform: type[Platform], sample: Sample) -> None:
    assert failure(platform, sample, sample.dead_token()).outcome == "reauthorise"


def test_a_limit_is_retried_when_the_platform_says(platform: type[Platform], sample: Sample) -> None:
    error = failure(platform, sample, sample.limited())
    assert (error.outcome, error.retry_after) == ("retry", sample.limited_for)


def test_a_renewed_token_is_of_the_config_and_ends_later(platform: type[Platform], sample: Sample) -> None:
    if not platform.capabilities.renews:
        return
    renewal = platform(sample.config, Wire(sample.renews()).client()).renew(NOW)
    assert renewal.values
    assert set(renewal.values) <= set(secret_fields(platform.Config))
    assert all(renewal.values.values())
    assert renewal.expires_at is None or renewal.expires_at > NOW + platform.capabilities.renews


def test_what_never_left_is_retried(platform: type[Platform], sample: Sample) -> None:
    assert failure(platform, sample, httpx.ConnectTimeout("no route")).outcome == "retry"


@pytest.mark.parametrize(
    "broken", [httpx.ReadTimeout("late"), httpx.ReadError("cut"), httpx.WriteError("cut")]
)
def test_what_left_without_an_answer_is_unknown(
    platform: type[Platform], sample: Sample, broken: Exception
) -> None:
    assert failure(platform, sample, broken).outcome == "unknown"


def test_text_over_the_limit_is_refused_before_it_is_sent(platform: type[Platform], sample: Sample) -> None:
    for thread, limits in ways(platform):
        wire = Wire()
        said = msgspec.structs.replace(outgoing("x" * (limits.wire + 1)), thread=thread, answers="9")
        with pytest.raises(DeliveryError) as caught:
            platform(sample.config, wire.client()).send(said, NOW)
        assert (caught.value.outcome, wire.requests) == ("permanent", [])


def test_text_over_the_limit_is_cut_at_a_sentence(platform: type[Platform]) -> None:
    for _, limits in ways(platform):
        for piece in (shorten(LONG, limits.reply, limits.unit), *split(LONG, limits.wire, limits.unit)):
            assert size(piece, limits.unit) <= limits.wire
            assert piece.endswith((".", "!"))


def test_no_secret_and_no_text_is_logged_or_shown(
    platform: type[Platform], sample: Sample, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    errors = [failure(platform, sample, answer) for answer in every_failure(sample)]
    shown = [str(sample.config), repr(sample.config), repr(platform(sample.config, Wire().client()))]
    told = [told for error in errors for told in (str(error), repr(error), error.code or "")]
    for text in (*shown, *told, caplog.text):
        assert not [secret for secret in (*sample.secrets, PRIVATE) if secret in text]


def test_every_secret_of_the_config_is_sealed(platform: type[Platform], sample: Sample) -> None:
    sealed = {getattr(sample.config, name) for name in secret_fields(platform.Config)}
    assert sealed == set(sample.secrets)


def test_every_setting_is_explained(platform: type[Platform]) -> None:
    for name, shape in msgspec.json.schema(platform.Config)["$defs"][platform.Config.__name__][
        "properties"
    ].items():
        assert shape.get("title"), name
        assert shape.get("description"), name


def ways(platform: type[Platform]) -> list[tuple[str, Limits]]:
    """(thread, limits) of the kinds of conversation that the platform has."""
    able = platform.capabilities
    return [(thread, limits) for thread, limits in (("", able.messages), ("post", able.comments)) if limits]


def _has(kind: str, wanted: str) -> bool:
    found = every_happening(kind)
    return {
        "text": any(isinstance(what, Received) and what.kind == "text" for what in found),
        "attachment": any(isinstance(what, Received) and what.attachments for what in found),
        "own echo": any(isinstance(what, Echoed) for what in found),
        "own echo with our key": any(isinstance(what, Echoed) and what.key for what in found),
        "receipt": any(isinstance(what, Delivered | Read) for what in found),
        "edit": any(isinstance(what, Edited) for what in found),
        "delete": any(isinstance(what, Deleted) for what in found),
        "unknown kind": any(isinstance(what, Received) and what.kind == "unsupported" for what in found)
        and any(isinstance(what, Ignored) for what in found),
        "several entries": any(len(fixture.becomes) > 1 for fixture in fixtures(kind).values()),
    }[wanted]


def _told(what: Happening, account: str) -> Happening:
    """Where the payload does not say which account it was delivered to, the channel does."""
    if isinstance(what, Ignored | Unreadable) or what.channel:
        return what
    return msgspec.structs.replace(what, channel=account)


def _readable(happenings: Iterable[Happening]) -> list[Happening]:
    return [what for what in happenings if not isinstance(what, Unreadable)]


def _changed(value: Any, keys: frozenset[str], change: Any) -> Any:
    if isinstance(value, list):
        return [_changed(each, keys, change) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: change(each) if key in keys and isinstance(each, str | int) else _changed(each, keys, change)
        for key, each in value.items()
    }


def _as_text(value: str | int) -> str:
    return str(value)


def _as_number(value: str | int) -> str | int:
    return int(value) if str(value).isdigit() else value
