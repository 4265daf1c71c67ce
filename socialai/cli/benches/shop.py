"""The business that is measured: a tenant with a channel, and what people write to it."""

import hashlib
import hmac
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path

from socialai import log
from socialai.cli.evaluate.corpus import questions
from socialai.cli.program import Program
from socialai.context import App
from socialai.sandbox.meta import events
from socialai.sandbox.meta.deliveries import body
from socialai.sandbox.meta.records import WORLD, Message, Say
from socialai.sandbox.northwind import shop
from socialai.security import accounts
from socialai.settings import Settings

TENANT = "bench"
OWNER, PASSWORD = "owner@bench.example", "bench-of-the-hub"
_PAGE = WORLD.accounts[0]
_APP = WORLD.apps[0]
_END = "\r\n"
NOBODY = "http://127.0.0.1:9"
"""Where the platform would be: nothing listens there, so that only the hub is measured."""


def prepare(program: Program, settings: Settings) -> None:
    """A data directory as an owner leaves it after the first day."""
    app = program.build(settings)
    try:
        app.files.create(TENANT)
        accounts.add_tenant(app.gate, TENANT, "Bench", OWNER, "Owner", PASSWORD)
        values = {
            "page_id": _PAGE.id,
            "page_token": _PAGE.token,
            "app_secret": _APP.secret,
            "verify_token": "bench-verify-token",
            "graph_url": NOBODY,
        }
        app.channels.connect(TENANT, "facebook", _PAGE.name, values, app.clock())
    finally:
        program.stop(app)


@contextmanager
def opened(program: Program, settings: Settings, folder: Path) -> Iterator[App]:
    """The hub in this process, its workers not started, with its log in `folder`."""
    with (folder / "log.jsonl").open("a", encoding="utf-8") as stream:
        log.configure(settings.log_level, stream)
        app = program.build(settings)
        try:
            yield app
        finally:
            program.stop(app)
            log.configure(settings.log_level)


def texts() -> Iterator[str]:
    """What people write: the sample shop's traffic, its questions, and made-up ones; without end."""
    traffic = [step.text for story in shop.traffic() for step in story.messages if step.text]
    return cycle([*traffic, *(question for question, _ in shop.faq()), *questions(100)])


def person(number: int, people: int) -> str:
    """Who writes the delivery of this number."""
    return f"2468{number % people:012}"


def deliveries(people: int, first: int = 0) -> Iterator[bytes]:
    """Webhook bodies, each with one new message; `people` write in turns."""
    at = int(time.time() * 1000)
    for number, text in zip(count(first), texts(), strict=False):
        psid = person(number, people)
        message = Message(
            id=f"m_{hashlib.sha512(str(number).encode()).hexdigest()[:104]}",
            account_id=_PAGE.id,
            psid=psid,
            author="person",
            text=text,
            at=at + number,
        )
        item = events.received(message, Say(psid=psid, text=text))
        yield body(_PAGE, at + number, {"messaging": [item]})


def request(body: bytes) -> bytes:
    """As Meta sends it, signed."""
    signed = hmac.new(_APP.secret.encode(), body, "sha256").hexdigest()
    older = hmac.new(_APP.secret.encode(), body, "sha1").hexdigest()
    proof = {"X-Hub-Signature": f"sha1={older}", "X-Hub-Signature-256": f"sha256={signed}"}
    return http_request("facebook", body, proof)


def http_request(platform: str, body: bytes, proof: Mapping[str, str]) -> bytes:
    """The whole of it; `proof` are the headers that tell who sent it."""
    return (
        f"POST /webhooks/{platform}/{TENANT} HTTP/1.1\r\n"
        "Host: hub.example.com\r\n"
        "Accept: */*\r\n"
        "Accept-Encoding: deflate, gzip\r\n"
        "User-Agent: facebookexternalua\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"{''.join(f'{name}: {value}{_END}' for name, value in proof.items())}"
        "\r\n"
    ).encode() + body
