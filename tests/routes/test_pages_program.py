"""The page of the program: who may bring another version, what is refused, and what then waits."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from socialai.context import App
from socialai.inference.bundles import keys
from socialai.security import accounts
from socialai.upgrades import file, state
from tests import cast
from tests.routes.conftest import Client, Headers
from tests.upgrades.conftest import script

PAGE = "/settings/program"
OLGA = {"email": "olga@acme.example", "password": cast.PASSWORD}


def test_where_several_businesses_share_a_machine_its_keeper_upgrades(
    client: Client, browser: Callable[[str], Headers]
) -> None:
    headers = browser("olga")
    assert "Whoever runs the machine upgrades" in client.get(PAGE, headers=headers).text
    sent = {"file": ("x.upgrade", b"anything")}
    refused = client.post(PAGE, headers=headers, files=sent)
    assert (refused.status_code, "several businesses share it" in refused.text) == (400, True)


def test_an_owner_brings_a_version_and_reads_what_comes_of_it(
    empty_app: App, empty_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.set_up(empty_app.gate, "acme", "Acme", OLGA["email"], "Olga", OLGA["password"])
    empty_app.files.create("acme")
    empty_client.post("/login", data=OLGA)
    proof = re.search(r'name="_csrf" value="([^"]+)"', empty_client.get(PAGE).text)
    assert proof

    def send(content: bytes) -> str:
        given = {"file": ("new.upgrade", content)}
        return empty_client.post(PAGE, data={"_csrf": proof[1]}, files=given).text

    assert "no single file" in send(b"anything")
    monkeypatch.setenv("SOCIALAI_EXECUTABLE", str(script(tmp_path / "program" / "socialai", "true")))
    assert "new.upgrade is no upgrade of SocialAI Hub" in send(b"anything")
    key = Ed25519PrivateKey.generate()
    keys.add(empty_app.settings.data_dir, "maker", keys.public_of(key), signs_programs=True)
    file.write(tmp_path / "u", script(tmp_path / "new" / "socialai", "echo socialai 0.2.0"), "0.2.0", key)
    assert "Version 0.2.0 is being put in place" in send((tmp_path / "u").read_bytes())
    assert state.is_waiting(empty_app.settings.data_dir)
