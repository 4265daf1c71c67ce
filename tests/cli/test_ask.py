import json
from collections.abc import Callable
from pathlib import Path

import pytest

from socialai.errors import InvalidInput, NotFound
from tests import cast
from tests.cli.conftest import Run


@pytest.fixture
def taught(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "shipping.md").write_text(
        "# Shipping\n\nWe ship to Norway within four working days. Shipping to Norway costs 12 EUR.\n"
    )
    assert run("knowledge", "add", tmp_path / "shipping.md", "-t", "acme").exit_code == 0
    return run


def test_the_json_is_the_result_as_it_was_agreed(taught: Run) -> None:
    done = taught("ask", "What does shipping to Norway cost?", "--tenant", "acme", "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert list(answer) == [
        "intent",
        "confidence",
        "reply",
        "lead_temperature",
        "lead_score",
        "should_escalate",
        "reasons",
        "metadata",
    ]
    assert sorted(answer["metadata"]) == [
        "entities",
        "model_versions",
        "processing_time_ms",
        "sentiment",
        "sources",
        "stage_ms",
        "tier",
        "urgency",
    ]
    assert "12 EUR" in answer["reply"]
    assert answer["metadata"]["sources"][0]["title"] == "Shipping"


def test_a_person_reads_the_reply_first_and_then_why(taught: Run) -> None:
    done = taught("ask", "What does shipping to Norway cost?", "-t", "acme")
    lines = done.stdout.splitlines()
    assert "12 EUR" in lines[0] + lines[1]
    assert [word for word in ("Intent", "Mood", "Lead", "Escalate", "Sources") if word in done.stdout] == [
        "Intent",
        "Mood",
        "Lead",
        "Escalate",
        "Sources",
    ]


def test_it_says_what_was_found_and_by_what_each_sentence_is_supported(taught: Run) -> None:
    said = taught("ask", "What does shipping to Norway cost?", "-t", "acme", "--prompt").stdout
    assert "Evidence   quoted: " in said
    assert "quoted: Shipping to Norway costs 12 EUR." in said
    assert "Found      " in said
    assert " ms retrieve" in said
    assert "No language model was asked." in said


def test_a_question_is_kept_as_a_test_case_when_asked_to(taught: Run, acme: Path) -> None:
    done = taught("ask", "What does shipping to Norway cost?", "-t", "acme", "--save")
    assert "Kept as a test case" in done.stdout
    again = taught("ask", "Who won the match?", "-t", "acme", "--save", "--json")
    assert json.loads(again.stdout)["metadata"]["sources"] == []
    saved = {(row[1], row[2], row[5]) for row in cast.rows(acme)["test_case"][-2:]}
    assert saved == {
        ("What does shipping to Norway cost?", 1, "Shipping"), ("Who won the match?", 0, ""),
    }  # fmt: skip


def test_with_several_tenants_one_must_be_named(run: Run) -> None:
    done = run("ask", "Hello?")
    assert isinstance(done.exception, InvalidInput)
    assert "acme, rival" in str(done.exception)
    assert "--tenant" in str(done.exception)


def test_without_any_tenant_it_says_how_to_add_one(at: Callable[[Path], Run], tmp_path: Path) -> None:
    done = at(tmp_path / "empty")("ask", "Hello?")
    assert isinstance(done.exception, NotFound)
    assert "tenant add" in str(done.exception)


@pytest.mark.parametrize("question", ["", "   ", "x" * 5000])
def test_no_question_is_refused(run: Run, question: str) -> None:
    assert isinstance(run("ask", question, "-t", "acme").exception, InvalidInput)


def test_an_unknown_tenant_or_platform_is_said(run: Run) -> None:
    assert "nobody" in str(run("ask", "Hello?", "-t", "nobody").exception)
    assert "pigeon" in str(run("ask", "Hello?", "-t", "acme", "--platform", "pigeon").exception)
