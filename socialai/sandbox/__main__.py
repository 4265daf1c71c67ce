"""`python -m socialai.sandbox`: the stand-in in a process of its own, until it is interrupted."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from socialai.sandbox.meta.graph import Sandbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m socialai.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--database", type=Path, help="keep everything in this SQLite file")
    chosen = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Sandbox(port=chosen.port, database=chosen.database) as sandbox:
        sys.stdout.write(f"{sandbox.base_url}\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main()
