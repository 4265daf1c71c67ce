"""Structured logs on stderr: JSON lines with tenant, conversation and trace id; no body, token or secret."""

import logging
import sys
from functools import cache
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger

_HIDDEN = ("token", "secret", "password", "body", "text", "authorization", "cookie")


def configure(level: str, stream: TextIO | None = None) -> None:
    """Our logs and libraries' in one form. Ours go straight out: `logging` would triple their cost."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=_SHARED,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for quiet in ("httpx", "httpcore", "uvicorn.access", "huey", "asyncssh"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer(_line)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )


def get(**bound: Any) -> FilteringBoundLogger:
    log: FilteringBoundLogger = structlog.get_logger(**bound)
    return log


def _line(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


def _hide(_logger: Any, _method: str, event: EventDict) -> EventDict:
    for name in event:
        if _is_hidden(name):
            event[name] = "[hidden]"
    return event


@cache
def _is_hidden(name: str) -> bool:
    return any(word in name.lower() for word in _HIDDEN)


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _hide,
]
