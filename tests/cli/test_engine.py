"""socialai engine: chosen, shown and tried from the command line."""

import json
from pathlib import Path

import httpx

from tests import gguf
from tests.cli.conftest import Run
from tests.conftest import Wire

SAID = {"choices": [{"message": {"content": "Hello!"}, "finish_reason": "stop"}]}


def test_a_file_is_chosen_shown_and_tried(run: Run, tmp_path: Path) -> None:
    path = gguf.make(tmp_path / "tiny.gguf")
    assert "tiny.gguf on this machine" in run("engine", "set", "--file", path, "-t", "acme").stdout
    shown = json.loads(run("engine", "show", "-t", "acme", "--json").stdout)
    assert shown == {"engine": {"kind": "local", "path": str(path), "context": 4096}, "has_key": False}
    tried = run("engine", "test", "-t", "acme", "--json")
    assert json.loads(tried.stdout)["ok"]
    assert run("engine", "set", "--none", "-t", "acme").exit_code == 0
    assert "No language model" in run("engine", "show", "-t", "acme").stdout
    assert run("engine", "test", "-t", "acme").exit_code == 1


def test_an_endpoints_key_comes_by_standard_input_and_is_never_shown(run: Run, wire: Wire) -> None:
    wire.answer = lambda _: httpx.Response(200, json=SAID)
    url = "https://models.example.com/v1"
    chosen = run(
        "engine", "set", "--url", url, "--model", "small", "--key-stdin", "-t", "acme", input="sk-1\n"
    )
    assert chosen.exit_code == 0
    shown = run("engine", "show", "-t", "acme").stdout
    assert "small at https://models.example.com/v1. Its key is sealed here." in shown
    assert "sk-1" not in chosen.stdout + shown
    assert "Hello!" in run("engine", "test", "-t", "acme").stdout
    [call] = json.loads(run("engine", "calls", "-t", "acme", "--json").stdout)
    assert call["host"] == "models.example.com"
    assert "models.example.com" in run("engine", "calls", "-t", "acme").stdout


def test_an_endpoint_that_fails_says_why(run: Run, wire: Wire) -> None:
    wire.answer = lambda _: httpx.Response(401)
    run("engine", "set", "--url", "https://models.example.com/v1", "--model", "small", "-t", "acme")
    tried = run("engine", "test", "-t", "acme")
    assert tried.exit_code == 1
    assert "does not accept the key" in str(tried.exception)


def test_what_is_wrong_is_said(run: Run, tmp_path: Path) -> None:
    assert run("engine", "set", "-t", "acme").exit_code == 1
    assert run("engine", "set", "--none", "--url", "https://a.example", "-t", "acme").exit_code == 1
    assert run("engine", "set", "--url", "https://a.example", "-t", "acme").exit_code == 1
    assert run("engine", "set", "--url", "http://a.example", "--model", "m", "-t", "acme").exit_code == 1
    (tmp_path / "no.gguf").write_bytes(b"GGUF")
    assert run("engine", "set", "--file", tmp_path / "no.gguf", "-t", "acme").exit_code == 1


def test_a_file_is_tried_in_a_process_of_its_own(run: Run, tmp_path: Path) -> None:
    assert run("engine", "try", gguf.make(tmp_path / "tiny.gguf")).exit_code == 0
    assert run("engine", "try", tmp_path / "absent.gguf").exit_code == 1


def test_a_file_is_measured_beside_the_library_called_bare(run: Run, tmp_path: Path) -> None:
    path = gguf.make(tmp_path / "tiny.gguf")
    done = run("engine", "bench", path, "--rounds", 1, "--tokens", 8, "--json")
    figures = json.loads(done.stdout)
    assert [figure["unit"] for figure in figures] == ["%", "%"]
    assert done.exit_code == (not all(figure["good"] for figure in figures))


def test_doctor_says_which_one_is_used_and_when_it_is_damaged(run: Run, tmp_path: Path) -> None:
    path = gguf.make(tmp_path / "tiny.gguf")
    run("engine", "set", "--file", path, "-t", "acme")
    found = {each["part"]: each for each in json.loads(run("doctor", "--json", SOCIALAI_PORT="0").stdout)}
    assert found["language models"]["message"] == "llama.cpp is installed."
    assert found["engine of acme"]["state"] == "ok"
    path.write_bytes(path.read_bytes()[:5000])
    found = {each["part"]: each for each in json.loads(run("doctor", "--json", SOCIALAI_PORT="0").stdout)}
    assert found["engine of acme"]["state"] == "fix"
    assert "cut off" in found["engine of acme"]["message"]
