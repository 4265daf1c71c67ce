import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialai.errors import InvalidInput, NotFound
from tests import cast
from tests.cli.conftest import Run

SECRETS = {"page_token": "EAAB-new-token", "app_secret": "s3cret-of-app", "verify_token": "my-own-word"}
ENV = {f"FACEBOOK_{name.upper()}": value for name, value in SECRETS.items()}


def listed(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("channel", "list", "-t", "acme", "--json").stdout)
    return found


def assert_no_secret(text: str) -> None:
    assert not [name for name, value in SECRETS.items() if value in text]


def test_secrets_are_asked_for_and_never_shown(run: Run, acme: Path) -> None:
    typed = "\n".join(SECRETS.values())
    done = run("channel", "add", "facebook", "--set", "page_id=4711", "-t", "acme", input=f"{typed}\n")
    assert done.exit_code == 0, done.exception
    assert "Acme on Facebook" in done.stdout
    assert "/webhooks/facebook/acme" in done.stdout
    assert_no_secret(done.output)
    assert listed(run)[-1]["external_id"] == "4711"
    assert_no_secret(run("channel", "list", "-t", "acme", "--json").output)
    assert_no_secret(str(cast.rows(acme)))


def test_fields_come_from_variables(run: Run, wire: Any) -> None:
    args = ("channel", "add", "facebook", "--set", "page_id=4711", "--from-env", "-t", "acme")
    done = run(*args, "--name", "Our page", **ENV)
    assert done.exit_code == 0, done.exception
    assert listed(run)[-1]["name"] == "Our page"
    assert wire.requests[-1].headers["authorization"] == f"Bearer {SECRETS['page_token']}"


def test_fields_come_from_standard_input(run: Run) -> None:
    values = json.dumps({"page_id": "4711", "human_agent": True, **SECRETS})
    done = run("channel", "add", "facebook", "--stdin", "-t", "acme", input=values)
    assert done.exit_code == 0, done.exception
    assert listed(run)[-1]["config"]["human_agent"] is True


def test_a_yes_or_no_is_understood_from_a_shell(run: Run) -> None:
    fields = ("--set", "page_id=4711", "--set", "human_agent=true")
    assert run("channel", "add", "facebook", *fields, "--from-env", "-t", "acme", **ENV).exit_code == 0
    assert listed(run)[-1]["config"]["human_agent"] is True


@pytest.mark.parametrize(
    ("args", "given", "reason"),
    [
        (("--set", "page_token=EAAB"), "", "secret"),
        (("--set", "page_id"), "", "page_id=123"),
        (("--set", "colour=red"), "", "no field 'colour'"),
        (("--set", "page_id=1", "--set", "human_agent=perhaps", "--from-env"), "", "not complete"),
        (("--set", "page_id=a b", "--from-env"), "", "Page ID"),
        (("--stdin",), "[]", "JSON object"),
        (("--stdin",), "{nonsense", "JSON object"),
        (("--stdin",), '{"page_id": "1"}', "page_token is missing"),
        (("--stdin",), '{"colour": "red"}', "no field 'colour'"),
    ],
)
def test_what_is_not_complete_is_refused(run: Run, args: tuple[str, ...], given: str, reason: str) -> None:
    done = run("channel", "add", "facebook", *args, "-t", "acme", input=given, **ENV)
    assert isinstance(done.exception, InvalidInput)
    assert reason in str(done.exception)
    assert_no_secret(done.output + str(done.exception))
    assert len(listed(run)) == 1


def test_what_the_platform_refuses_is_not_kept_unless_wanted(run: Run, wire: Any) -> None:
    wire.answer = lambda _: httpx.Response(
        400,
        json={"error": {"message": "Error validating access token", "type": "OAuthException", "code": 190}},
    )
    args = ("channel", "add", "facebook", "--set", "page_id=4711", "--from-env", "-t", "acme")
    refused = run(*args, **ENV)
    assert isinstance(refused.exception, InvalidInput)
    assert "--no-check" in str(refused.exception)
    assert len(listed(run)) == 1
    assert run(*args, "--no-check", **ENV).exit_code == 0
    assert listed(run)[-1]["name"] == "Facebook 4711"


def test_a_platform_that_there_is_not_is_said(run: Run) -> None:
    done = run("channel", "add", "pigeon", "-t", "acme")
    assert isinstance(done.exception, NotFound)
    assert "facebook" in str(done.exception)


def test_the_mode_is_changed_with_its_intents(run: Run) -> None:
    assert (
        "auto mode" in run("channel", "mode", 1, "auto", "--intents", "support, inquiry", "-t", "acme").stdout
    )
    assert listed(run)[0]["auto_intents"] == ["support", "inquiry"]
    assert run("channel", "mode", 1, "draft", "-t", "acme").exit_code == 0
    assert listed(run)[0]["auto_intents"] == ["support", "inquiry"]
    done = run("channel", "mode", 1, "auto", "--intents", "support,shouting", "-t", "acme")
    assert isinstance(done.exception, InvalidInput)
    assert run("channel", "mode", 1, "loud", "-t", "acme").exit_code == 2
    assert isinstance(run("channel", "mode", 99, "auto", "-t", "acme").exception, NotFound)


def test_a_check_asks_the_platform(run: Run) -> None:
    assert "Acme on Facebook" in run("channel", "check", 1, "-t", "acme").stdout


def test_a_channel_is_removed_only_after_a_yes(run: Run) -> None:
    assert run("channel", "remove", 1, "-t", "acme", input="n\n").exit_code == 1
    assert len(listed(run)) == 1
    assert run("channel", "remove", 1, "-t", "acme", input="y\n").exit_code == 0
    assert "No account" in run("channel", "list", "-t", "acme").stdout


def test_the_list_reads_well(run: Run) -> None:
    shown = run("channel", "list", "-t", "acme").stdout
    assert "Acme on Facebook" in shown
    assert "draft" in shown
