import json

from tests.cli.conftest import Run


def test_what_was_asked_in_vain_is_listed(run: Run) -> None:
    shown = run("knowledge", "gaps", "-t", "acme")
    assert shown.exit_code == 0, shown.exception
    assert "Do you sell gift cards (1001)?" in shown.stdout
    (gap,) = json.loads(run("knowledge", "gaps", "-t", "acme", "--json").stdout)
    assert gap["asked"] == 1
