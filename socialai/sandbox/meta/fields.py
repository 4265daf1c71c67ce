"""The `fields` expressions of the Graph API: `id,messages.limit(5){id,from}`."""

import re

from msgspec import Struct

from socialai.sandbox.meta.graph_errors import GraphError

_TOKEN = re.compile(r"\s*(?:([A-Za-z_]\w*)|\.([a-z_]+)\(([^()]*)\)|([{},]))")


class Field(Struct, frozen=True):
    name: str
    arguments: dict[str, str]
    fields: tuple["Field", ...] = ()

    def __str__(self) -> str:
        arguments = "".join(f".{name}({value})" for name, value in self.arguments.items())
        below = f"{{{','.join(map(str, self.fields))}}}" if self.fields else ""
        return self.name + arguments + below


def parse_fields(text: str) -> tuple[Field, ...]:
    tokens = _tokens(text)
    parsed = _list(tokens)
    if tokens:
        raise _syntax_error()
    return parsed


def _tokens(text: str) -> list[tuple[str, str, str, str]]:
    """Reversed, so that taking the next is a pop."""
    text, found, position = text.strip(), [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _syntax_error()
        found.append((match[1] or "", match[2] or "", match[3] or "", match[4] or ""))
        position = match.end()
    return found[::-1]


def _list(tokens: list[tuple[str, str, str, str]]) -> tuple[Field, ...]:
    fields = []
    while tokens and tokens[-1][0]:
        fields.append(_field(tokens))
        if not _skip(tokens, ","):
            break
    return tuple(fields)


def _field(tokens: list[tuple[str, str, str, str]]) -> Field:
    name, arguments = tokens.pop()[0], {}
    while tokens and tokens[-1][1]:
        _, argument, value, _ = tokens.pop()
        arguments[argument] = value
    if not _skip(tokens, "{"):
        return Field(name, arguments)
    below = _list(tokens)
    if not _skip(tokens, "}"):
        raise _syntax_error()
    return Field(name, arguments, below)


def _skip(tokens: list[tuple[str, str, str, str]], mark: str) -> bool:
    if not tokens or tokens[-1][3] != mark:
        return False
    tokens.pop()
    return True


def _syntax_error() -> GraphError:
    return GraphError(2500, "Syntax error in the fields expression.")
