"""Windows: a service whose process is our own supervisor; pywin32 speaks to the service manager."""

import sys
import threading
from pathlib import Path
from typing import Any

from socialai.cli.background.plan import NAME, Definition, Plan
from socialai.cli.background.supervisor import Supervisor

_RESTARTS = "restart/5000/restart/30000/restart/60000"


def plan(definition: Definition, _home: Path) -> Plan:
    """The manager must start the program itself: the downloaded file only starts that, and may not answer."""
    create = ("sc.exe", "create", NAME, "start=", "delayed-auto", "DisplayName=", "SocialAI Hub", "binPath=")
    command = f'"{sys.executable}" service host --data-dir "{definition.data_dir}"'
    return Plan(
        install=(
            (*create, command),
            ("sc.exe", "failure", NAME, "reset=", "86400", "actions=", _RESTARTS),
            ("sc.exe", "start", NAME),
        ),
        start=(("sc.exe", "start", NAME),),
        stop=(("sc.exe", "stop", NAME),),
        status=("sc.exe", "query", NAME),
        uninstall=(("sc.exe", "stop", NAME), ("sc.exe", "delete", NAME)),
    )


def host(supervisor: Supervisor) -> None:
    """Be the service, until the manager stops it."""
    if sys.platform != "win32":  # the modules below are of Windows alone
        return
    import servicemanager
    import win32service
    import win32serviceutil

    class HubService(win32serviceutil.ServiceFramework):  # type: ignore[misc]
        _svc_name_ = NAME
        _svc_display_name_ = "SocialAI Hub"

        def SvcStop(self) -> None:  # noqa: N802 - pywin32's names
            self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
            supervisor.stop()

        def SvcDoRun(self) -> None:  # noqa: N802
            ended: list[Any] = []
            thread = threading.Thread(target=lambda: ended.append(supervisor.run()))
            thread.start()
            thread.join()

    servicemanager.Initialize()
    servicemanager.PrepareToHostSingle(HubService)
    servicemanager.StartServiceCtrlDispatcher()
