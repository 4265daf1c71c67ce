import json

from tests.cli.conftest import Run


def test_a_month_is_shown_step_by_step_beside_the_usual_one(run: Run) -> None:
    shown = run("cost", "--tenants", "100", "--messages-per-day", "1000")
    assert shown.exit_code == 0
    for figure in ("$18,000.00", "$1,440.00", "$1,313.00", "$20,753.00"):
        assert figure in shown.output


def test_as_json_it_counts_the_messages_of_all_tenants(run: Run) -> None:
    found = json.loads(run("cost", "--watts", "100", "--kilowatt-hour", "0.25", "--json").stdout)
    assert found["measured"]["messages"] == 4
    assert sum(value for name, value in found["measured"].items() if name != "messages") == 0
    assert [(one["tier"], one["messages"]) for one in found["tiers"]] == [("extractive", 4)]
    assert round(found["ours"]["total"], 2) == 18
