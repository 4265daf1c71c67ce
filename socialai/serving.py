"""How uvicorn serves: the hub, and the bare route that the bench measures it against."""

from typing import Any

UVICORN: dict[str, Any] = {
    "http": "httptools",
    "loop": "auto",
    "lifespan": "on",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": 2,
    "timeout_keep_alive": 30,
}
