"""Linux: a unit of systemd, the user's own or the machine's. It restarts what ends and what hangs."""

from pathlib import Path

from socialai.cli.background.plan import NAME, Definition, Plan

_UNIT = """\
[Unit]
Description=SocialAI Hub
Documentation=https://github.com/socialai-hub/socialai-hub
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=600
StartLimitBurst=10

[Service]
Type=notify
NotifyAccess=all
# env, because systemd takes no program whose path has quotes or dollars in it.
ExecStart=/usr/bin/env {command}
Environment={data_dir}
{user}UMask=0077
Restart=always
RestartSec=5
# Wrong usage and wrong settings do not get better by trying again.
RestartPreventExitStatus=2 3
WatchdogSec=90
# A database may have to be upgraded first.
TimeoutStartSec=600
TimeoutStopSec=30
NoNewPrivileges=yes
LockPersonality=yes
RestrictSUIDSGID=yes
{guard}
[Install]
WantedBy={target}
"""
_GUARD = """\
PrivateTmp=yes
ProtectSystem=full
ProtectControlGroups=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
"""
_SYSTEM = Path("/etc/systemd/system")


def plan(definition: Definition, home: Path) -> Plan:
    whole = definition.user is not None
    folder = _SYSTEM if whole else home / ".config" / "systemd" / "user"
    control = ("systemctl",) if whole else ("systemctl", "--user")
    unit = f"{NAME}.service"
    linger = () if whole else (("loginctl", "enable-linger"),)
    return Plan(
        file=folder / unit,
        text=_text(definition),
        install=((*control, "daemon-reload"), (*control, "enable", "--now", unit), *linger),
        start=((*control, "start", unit),),
        stop=((*control, "stop", unit),),
        status=(*control, "is-active", unit),
        uninstall=((*control, "disable", "--now", unit),),
    )


def _text(definition: Definition) -> str:
    whole = definition.user is not None
    return _UNIT.format(
        command=" ".join(quoted(word) for word in (*definition.words, "serve", "--no-browser")),
        data_dir=quoted(f"SOCIALAI_DATA_DIR={definition.data_dir}", is_variable=True),
        user=f"User={definition.user}\n" if whole else "",
        guard=_GUARD if whole else "",
        target="multi-user.target" if whole else "default.target",
    )


def quoted(word: str, *, is_variable: bool = False) -> str:
    """As systemd.syntax(7) reads it: % begins a specifier, and $ a variable in a command."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{plain}"' if is_variable else f'"{plain.replace("$", "$$")}"'
