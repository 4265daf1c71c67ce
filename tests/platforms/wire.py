"""The other end of the wire: answers in order, and what was asked."""

import json
from typing import Any

import httpx


class Wire:
    """Answers each request with the next of `answers`; an exception is raised instead."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def body(self, number: int = 0) -> Any:
        return json.loads(self.requests[number].content)

    def query(self, number: int = 0) -> dict[str, str]:
        return dict(self.requests[number].url.params)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer
