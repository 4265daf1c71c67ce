"""The shop's own site: one page with the chat, under a policy that allows nothing it does not name."""

from html import escape

from litestar import Litestar, Response, get
from litestar.datastructures import State

from socialai.sandbox.stage import Hub

_STYLE = """
body { font: 17px/1.5 system-ui, sans-serif; margin: 0; color: #20302a; background: #f6f4ee; }
header { background: #24453a; color: #fff; padding: 2.5rem 1.5rem; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0 auto; max-width: 44rem; }
li { margin: .5rem 0; }
"""
_WARES = (
    "Fulmar down jacket",
    "Errigal hiking boots",
    "Tents, stoves and maps for a weekend in the hills",
)


@get("/", sync_to_thread=False)
def front(state: State) -> Response[str]:
    hub: Hub | None = state["hub"]
    return Response(
        _page(hub, state["chat"]),
        media_type="text/html",
        headers={"content-security-policy": _policy(hub.address if hub else "")},
    )


@get("/shop.css", sync_to_thread=False)
def style() -> Response[str]:
    return Response(_STYLE, media_type="text/css")


def site(chat: str) -> tuple[Litestar, State]:
    """`state["hub"]` is set once there is one."""
    state = State({"hub": None, "chat": chat})
    return Litestar([front, style], state=state, openapi_config=None, logging_config=None), state


def _policy(hub: str) -> str:
    return f"default-src 'none'; style-src 'self'; script-src {hub}; frame-src {hub}; img-src 'self'"


def _page(hub: Hub | None, chat: str) -> str:
    wares = "".join(f"<li>{escape(ware)}</li>" for ware in _WARES)
    script = ""
    if hub:
        place = escape(f"{hub.tenant}/{chat}")
        script = f'<script src="{escape(hub.address)}/widget/_/chat.js" data-chat="{place}" async></script>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Northwind Outfitters</title><link rel="stylesheet" href="/shop.css"></head>'
        f"<body><header><h1>Northwind Outfitters</h1></header><main><p>For days outside.</p><ul>{wares}</ul>"
        f"<p>Questions? The button in the corner reaches us.</p></main>{script}</body></html>"
    )
