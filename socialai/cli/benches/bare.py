"""A bare route in a process of its own: `bare.py SETTINGS` reads each body and says 200, nothing else.

Run as a script, it imports nothing of the hub. SETTINGS is JSON: uvicorn's, the same as the hub's.
"""

import json
import socket
import sys
from typing import Any

import uvicorn
from litestar import Litestar, Request, Response, get, post


@post("/webhooks/facebook/bench", status_code=200)
async def deliver(request: Request[Any, Any, Any]) -> Response[None]:
    await request.body()
    return Response(None, status_code=200)


@get("/health", sync_to_thread=False)
def alive() -> dict[str, str]:
    return {"status": "alive"}


def main(settings: str) -> None:
    app = Litestar([deliver, alive], openapi_config=None, logging_config=None)
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    print(f"The bare route is at http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, **json.loads(settings))).run(sockets=[bound])


if __name__ == "__main__":
    main(*sys.argv[1:])
