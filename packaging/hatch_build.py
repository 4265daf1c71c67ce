"""Hatch's hook: a wheel or sdist carries the third-party files of the pages, so its users need no Node."""

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

import vendor_assets  # noqa: E402 - found beside this file


class VendoredAssets(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        if vendor_assets.is_current(vendor_assets.WEB, vendor_assets.WEB / "static" / "vendor"):
            return []
        return [] if shutil.which("npm") else [vendor_assets.NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout gets them by `make`
            return
        vendor_assets.vendor()
        build_data["artifacts"].append("web/static/vendor/**")
