"""socialai engine: with which language model a tenant writes its replies."""

from pathlib import Path
from typing import Annotated

import typer

from socialai.actions import engines as actions
from socialai.cli.benches import write
from socialai.cli.options import JsonOption, TenantOption, choose
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.domain.engine import (
    DEFAULT_CONTEXT,
    Call,
    EngineChoice,
    LocalEngine,
    NoEngine,
    RemoteEngine,
)
from socialai.errors import InvalidInput, ModelError
from socialai.inference import llama_trial
from socialai.security.permissions import operator
from socialai.store import ledger

group = typer.Typer(
    name="engine", help="The language model that writes a tenant's replies.", no_args_is_help=True
)


@group.command("show")
def show(context: typer.Context, tenant: TenantOption = None, as_json: JsonOption = False) -> None:
    """Show which one is used."""
    with program(context).opened() as app:
        tenant_id = choose(app, tenant)
        choice, key = app.engines.choice(tenant_id), actions.has_key(app, tenant_id)
    if as_json:
        print_json({"engine": choice, "has_key": key})
    else:
        say(described(choice) + (" Its key is sealed here." if key else ""))


@group.command("set")
def set_(
    context: typer.Context,
    none: Annotated[bool, typer.Option("--none", help="Replies are the knowledge's own sentences.")] = False,
    model_file: Annotated[
        str | None,
        typer.Option("--file", help="A GGUF file, or the name of one in the data directory's folder llm."),
    ] = None,
    tokens: Annotated[
        int, typer.Option("--context", help="How many tokens a prompt and its answer may have.")
    ] = DEFAULT_CONTEXT,
    url: Annotated[
        str | None,
        typer.Option("--url", help="An OpenAI-compatible endpoint: what comes before /chat/completions."),
    ] = None,
    model: Annotated[str | None, typer.Option("--model", help="The model's name at the endpoint.")] = None,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Read the endpoint's key from standard input.")
    ] = False,
    tenant: TenantOption = None,
) -> None:
    """Choose none, a file on this machine, or an endpoint. With an endpoint, what customers write goes there,
    without addresses, numbers and names.

    \b
    socialai engine set --file qwen2.5-1.5b-instruct-q4_k_m.gguf
    socialai engine set --url http://127.0.0.1:11434/v1 --model llama3.2
    socialai engine set --url https://api.example.com/v1 --model small --key-stdin < key.txt
    """
    choice = _choice(none, model_file, tokens, url, model)
    key = typer.get_text_stream("stdin").readline().strip() if key_stdin else None
    with program(context).opened() as app:
        chosen = actions.choose(app, operator(choose(app, tenant)), choice, key)
    say(f"{described(chosen)} Try it: socialai engine test")


@group.command("test")
def try_out(context: typer.Context, tenant: TenantOption = None, as_json: JsonOption = False) -> None:
    """Have it write a sentence. Exit code 1 when it cannot."""
    with program(context).opened() as app:
        tried = actions.try_out(app, operator(choose(app, tenant)))
    if as_json:
        print_json(tried)
    elif tried.ok:
        say(tried.text)
        say(f"{tried.tokens_out} tokens in {tried.ms:.0f} ms, the first after {tried.first_token_ms:.0f} ms.")
    if not tried.ok:
        raise ModelError(tried.error)


@group.command("calls")
def calls(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="How many.")] = 20,
    tenant: TenantOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was sent to an endpoint, newest first: where, for what, which parts, what was masked."""
    with program(context).opened() as app:
        found = app.files.tenant(choose(app, tenant)).read(lambda db: ledger.calls(db, limit=limit))
    if as_json:
        print_json(found)
    else:
        columns = ("At", "Host", "Model", "Purpose", "Sent", "Masked", "Bytes out", "Outcome")
        table(columns, [_row(call) for call in found], "Nothing was ever sent.")


@group.command("try")
def try_(file: Annotated[Path, typer.Argument(help="A GGUF file.")]) -> None:
    """Load a model file in this process and have it write one word; a file that lies may end the process."""
    say(llama_trial.write_a_word(file))


@group.command("bench")
def bench(
    file: Annotated[Path, typer.Argument(help="A GGUF file.")],
    rounds: Annotated[int, typer.Option(min=1, help="How often each is measured.")] = 5,
    tokens: Annotated[int, typer.Option(min=8, help="How many tokens are written each time.")] = 64,
    as_json: JsonOption = False,
) -> None:
    """Measure how fast a model file writes here, beside the library called bare. Exit code 1: too slow."""
    figures = write.measure(file, rounds, tokens)
    if as_json:
        print_json(figures)
    else:
        rows = [
            (each.name, f"{each.value:.0f} {each.unit}", each.wanted, each.compared_to) for each in figures
        ]
        table(("What", "Value", "Wanted", "Measured"), rows, "")
    if not all(figure.good for figure in figures):
        raise typer.Exit(1)


def described(choice: EngineChoice) -> str:
    if isinstance(choice, LocalEngine):
        return (
            f"Replies are written by {choice.path} on this machine, with {choice.context} tokens of context."
        )
    if isinstance(choice, RemoteEngine):
        return f"Replies are written by {choice.model} at {choice.url}."
    return "No language model is used: replies are the knowledge's own sentences."


def _choice(
    none: bool, model_file: str | None, tokens: int, url: str | None, model: str | None
) -> EngineChoice:
    if [none, bool(model_file), bool(url)].count(True) != 1:
        raise InvalidInput("Say one of --none, --file or --url.")
    if model_file:
        path = Path(model_file)
        return LocalEngine(str(path.resolve() if path.exists() else path), tokens)
    if url and not model:
        raise InvalidInput("Say which model of the endpoint: --model NAME.")
    return RemoteEngine(url, model) if url and model else NoEngine()


def _row(call: Call) -> tuple[object, ...]:
    masked = ", ".join(f"{count} {kind}" for kind, count in call.masked.items())
    sent = ", ".join(call.fields)
    return call.at, call.host, call.model, call.purpose, sent, masked, call.bytes_out, call.outcome
