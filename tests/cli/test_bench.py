"""The bench in its short form: that it runs and what it prints; no test looks at a time."""

import json
import os
import sys
from itertools import islice
from pathlib import Path

import httpx
import msgspec
import pytest

from socialai.cli.benches import load, shop
from socialai.cli.benches.disk import fsync_ms
from socialai.cli.benches.figure import at_least, at_most, percentile
from socialai.cli.benches.processes import script, serving
from socialai.cli.benches.senders import SENDERS, Sender
from socialai.errors import SettingsError
from socialai.platforms.base import WebhookRequest
from socialai.platforms.facebook.adapter import Facebook
from socialai.platforms.registry import PLATFORMS
from socialai.serving import UVICORN
from tests import gguf
from tests.cli.conftest import Run

NAMES = {
    "intake": [
        "intake, share of the bare route",
        "intake, p50",
        "intake, p99",
        "intake, all processed and answered after",
        *(f"intake of {sender.platform}, share of the bare route" for sender in SENDERS),
        "intake, processed of the accepted",
    ],
    "decide": ["decide, share of the encoder's own throughput"],
    "search": ["search, p95", "search, vectors alone, p95", "search, full text alone, p95", "ask, p95 warm"],
    "answer": [
        "indexing, share of the encoder's own throughput",
        "extractive answer, p95 warm",
        "hybrid search, p95",
        "hybrid search, p95",
    ],
    "triage": [
        "triage of one message, p95",
        "triage, lane's share of the model's own throughput",
        "triage, the whole path, one thread",
        "triage, mood, macro recall",
        "triage, intent",
        "triage, urgency",
    ],
    "backup": [
        "intake during a backup, p99",
        "backup, whole and packed after",
        "backup, rows that come back",
    ],
    "start": ["start to first page, median", "idle memory (RSS), models warm"],
}


@pytest.mark.parametrize("name", NAMES)
def test_each_bench_prints_its_figures_beside_what_they_are_compared_to(run: Run, name: str) -> None:
    result = run("bench", name, "--short", "--json")
    assert result.exit_code == 0, result.stderr
    figures = json.loads(result.stdout)
    assert [figure["name"].partition(" at ")[0] for figure in figures] == NAMES[name]
    assert all(figure["value"] > 0 and figure["unit"] and figure["compared_to"] for figure in figures)
    assert all((figure["good"] is None) == (not figure["wanted"]) for figure in figures)


def test_answer_measures_a_language_model_that_is_given(run: Run, tmp_path: Path) -> None:
    model = gguf.make(tmp_path / "tiny.gguf")
    result = run("bench", "answer", "--short", "--json", "--gguf", model)
    assert result.exit_code == 0, result.stderr
    assert [figure["name"] for figure in json.loads(result.stdout)][-2:] == [
        "Tokens a second, of the library's own",
        "First token of a known prompt, of a new one's",
    ]


def test_intake_loses_nothing_and_its_table_says_so(run: Run) -> None:
    result = run("bench", "--short", "--only", "intake", COLUMNS="200")
    assert result.exit_code == 0, result.stderr
    assert "450 answered 200, 450 journalled" in " ".join(result.stdout.split())
    assert "intake: round 1 of 1" in result.stderr


def test_a_bench_that_is_not_there_is_said(run: Run) -> None:
    result = run("bench", "coffee")
    known = "intake, decide, search, answer, triage, start, backup"
    assert f"There is no bench coffee. Known: {known}." in str(result.exception)


def test_a_server_of_the_bench_has_ended_when_it_is_done(tmp_path: Path) -> None:
    with serving(script("bare.py", json.dumps(UVICORN)), tmp_path, "/health") as bare:
        assert bare.memory_mb > 1
        os.kill(bare.pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(bare.pid, 0)


def test_a_server_that_does_not_start_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="ended before it served"),
        serving([sys.executable, "-c", "print('hello')"], tmp_path, "/"),
    ):
        pass


def test_what_is_packed_for_the_load_generator_is_unpacked_by_it() -> None:
    requests = [b"", b"one", b"two\x00\n" * 1000]
    assert list(load.unpack(load.pack(requests))) == requests


def test_deliveries_are_authentic_distinct_and_say_what_people_write() -> None:
    bodies = [body for _, body in zip(range(300), shop.deliveries(7), strict=False)]
    assert len(set(bodies)) == 300
    happenings = [happening for body in bodies for happening in Facebook.parse(body)]
    assert len({happening.contact for happening in happenings}) == 7  # type: ignore[union-attr]  # all are Received
    assert [happening.text for happening in happenings] == [  # type: ignore[union-attr]
        text for text, _ in zip(shop.texts(), range(300), strict=False)
    ]


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.platform)
def test_what_other_platforms_deliver_is_authentic_and_says_what_people_write(sender: Sender) -> None:
    kind = PLATFORMS[sender.platform]
    adapter = kind(msgspec.convert(sender.values, kind.Config), httpx.Client())
    said = []
    for raw in islice(sender.requests(7), 30):
        head, _, body = raw.decode().partition("\r\n\r\n")
        headers = (line.partition(": ") for line in head.split("\r\n")[1:])
        given = {name.lower(): value for name, _, value in headers}
        adapter.verify(WebhookRequest(given, {}, body.encode()))
        said += adapter.parse(adapter.label(body.encode()))
    assert [happening.text for happening in said] == list(islice(shop.texts(), 30))  # type: ignore[union-attr]  # all are Received


def test_a_border_is_reached_or_missed() -> None:
    figure = {"name": "it", "unit": "ms", "compared_to": "that"}
    assert at_most(25, value=25, **figure).good
    assert not at_most(25, value=25.1, **figure).good
    assert at_least(50, value=50, **figure).good
    assert not at_least(50, value=49.9, **figure).good


def test_a_percentile_is_a_value_that_was_measured(tmp_path: Path) -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.99) == 100
    assert percentile([3.0], 0.95) == 3
    assert min(fsync_ms(tmp_path)) >= 0
