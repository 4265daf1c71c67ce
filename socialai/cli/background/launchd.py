"""macOS: a property list for launchd. Our own supervisor, which launchd keeps running, ends what hangs."""

import os
import plistlib
from pathlib import Path

from socialai.cli.background.plan import NAME, Definition, Plan

_SYSTEM = Path("/Library/LaunchDaemons")


def plan(definition: Definition, home: Path) -> Plan:
    whole = definition.user is not None
    file = (_SYSTEM if whole else home / "Library" / "LaunchAgents") / f"{NAME}.plist"
    domain = "system" if whole else f"gui/{os.getuid()}"
    target = f"{domain}/{NAME}"
    return Plan(
        file=file,
        text=_text(definition),
        install=(("launchctl", "bootstrap", domain, str(file)),),
        start=(("launchctl", "bootstrap", domain, str(file)),),
        stop=(("launchctl", "bootout", target),),
        status=("launchctl", "print", target),
        uninstall=(("launchctl", "bootout", target),),
    )


def _text(definition: Definition) -> str:
    said = {
        "Label": NAME,
        "ProgramArguments": [*definition.words, "service", "supervise"],
        "EnvironmentVariables": {"SOCIALAI_DATA_DIR": str(definition.data_dir)},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 10,
        "ExitTimeOut": 30,
        "Umask": 0o077,
        "ProcessType": "Standard",
    }
    if definition.user is not None:
        said["UserName"] = definition.user
    return plistlib.dumps(said).decode()
