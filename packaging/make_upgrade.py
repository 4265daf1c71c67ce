"""The executable as a signed upgrade that an owner's program takes.

    python packaging/make_upgrade.py dist/socialai PRIVATE-KEY-FILE
"""

import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from socialai import __version__  # noqa: E402
from socialai.inference.bundles import keys  # noqa: E402
from socialai.upgrades import file  # noqa: E402


def main() -> None:
    executable, key = Path(sys.argv[1]), keys.read_private(Path(sys.argv[2]))
    made = executable.with_name(f"socialai-{__version__}-{sys.platform}-{platform.machine()}.upgrade")
    upgrade = file.write(made, executable, __version__, key)
    sys.stdout.write(f"{made}: {upgrade.bytes / 1e6:.1f} MB, signed with {keys.public_of(key)}\n")


if __name__ == "__main__":
    main()
