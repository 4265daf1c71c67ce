"""What the contract test must know of the web chat: its platform is the hub, so nothing goes over a wire."""

import httpx

from socialai.platforms.webchat import wire
from socialai.platforms.webchat.config import WebChatConfig
from tests.platforms.sample import Sample

KEY = "signing-key-of-the-chat-0123456789"
CONFIG = WebChatConfig(
    origins="https://www.acme.example, http://127.0.0.1:8080",
    title="Acme",
    site="00c0ffee00c0ffee",
    signing_key=KEY,
)


def _never() -> httpx.Response:
    return httpx.Response(404)


WEBCHAT = Sample(
    config=CONFIG,
    secrets=(KEY,),
    sign=lambda body: {wire.SIGNATURE: wire.sign(body, KEY)},
    id_keys=frozenset(),
    accepts=_never,
    sent_id="7310044290018823/socialai:4b1d",
    blocked=_never,
    bad_request=_never,
    dead_token=_never,
    limited=_never,
    limited_for=0,
    lacks=frozenset(
        {"wire", "own echo", "own echo with our key", "edit", "delete", "unknown kind"},
    ),
)
