"""A chat template of a model file, and what it makes of a prompt: its own marks apart from what is said."""

import re
import secrets
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from socialai.errors import ModelRefused

_LONGEST = 200_000


class Piece(Struct, frozen=True):
    """`said` is text in which nothing may be taken for a mark of the template."""

    text: str
    said: bool


class ChatTemplate:
    """Raises ModelRefused when the template cannot show a system text and a user's."""

    def __init__(self, source: str, bos: str, eos: str) -> None:
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = _refuse
        try:
            if len(source) > _LONGEST:
                raise ValueError("it is too long")
            self._template = environment.from_string(source)
        except (TemplateError, ValueError, RecursionError) as error:
            raise ModelRefused(f"The model's chat template cannot be read: {error}") from None
        self._marks = {"bos_token": bos, "eos_token": eos}
        self._has_system = self._shows_system()

    def pieces(self, system: str, user: str) -> list[Piece]:
        """A model that knows no system text gets it before the user's."""
        if self._has_system:
            return self._render({"system": system, "user": user})
        return self._render({"user": f"{system}\n\n{user}"})

    def _shows_system(self) -> bool:
        try:
            self._render({"system": "a", "user": "b"})
        except ModelRefused:
            self._render({"user": "b"})
            return False
        return True

    def _render(self, said: dict[str, str]) -> list[Piece]:
        """Rendered with words nobody can guess in place of what is said, and cut there."""
        words = {f"said{secrets.token_hex(8)}": text for text in said.values()}
        messages = [{"role": role, "content": word} for role, word in zip(said, words, strict=True)]
        found = re.split(f"({'|'.join(words)})", self._rendered(messages))
        if [text for text in found if text in words] != list(words):
            raise ModelRefused("The model's chat template does not show each message once, in order.")
        return [Piece(words.get(text, text), text in words) for text in found if text]

    def _rendered(self, messages: list[dict[str, str]]) -> str:
        values: dict[str, Any] = {"messages": messages, "add_generation_prompt": True, **self._marks}
        try:
            # Models that can think aloud first are asked not to: it costs more than the answer.
            return self._template.render(values, enable_thinking=False, tools=None)
        except ModelRefused:
            raise
        except Exception as error:  # noqa: BLE001 - a template is a program of somebody else
            raise ModelRefused(f"The model's chat template fails: {error}") from None


def _refuse(reason: str) -> NoReturn:
    raise ModelRefused(f"The model's chat template refuses: {reason}")
