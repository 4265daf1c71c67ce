"""The commands. A group is imported only when the program starts as a command line."""

import typer

from socialai.cli import (
    ask,
    backup,
    backups,
    bench,
    channel,
    cost,
    dead_letters,
    demo,
    doctor,
    engine,
    eval,
    in_background,
    intent,
    keys,
    knowledge,
    models,
    ready,
    serve,
    settings,
    tenant,
    triage,
    tunnel,
    upgrade,
    user,
)


def add_commands(app: typer.Typer) -> None:
    app.command()(serve.serve)
    app.command()(demo.demo)
    app.command()(ask.ask)
    app.command()(triage.triage)
    app.command()(doctor.doctor)
    app.add_typer(settings.group)
    app.add_typer(in_background.group)
    app.add_typer(tenant.group)
    app.add_typer(user.group)
    app.add_typer(channel.group)
    app.add_typer(tunnel.group)
    app.add_typer(knowledge.group)
    app.add_typer(intent.group)
    app.add_typer(engine.group)
    app.add_typer(dead_letters.group)
    app.command()(backup.backup)
    app.command()(backup.restore)
    app.command()(backup.drill)
    app.add_typer(backups.group)
    app.add_typer(keys.group)
    app.command()(cost.cost)
    app.command()(upgrade.upgrade)
    app.command(hidden=True)(ready.ready)
    app.add_typer(models.group)
    app.add_typer(eval.group)
    app.command()(bench.bench)
