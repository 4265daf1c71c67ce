"""Build llama-cpp-python for this machine and others like it, when the locked version is not there yet.

A ready or cached wheel may have been compiled for the very processor of its builder: kernels for AMX, which
end the process on every quantised model (llama.cpp #20824), or code that this one does not know.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "llama-cpp-python"
OPTIONS = (
    "-DGGML_NATIVE=OFF",
    "-DLLAVA_BUILD=OFF",
    "-DLLAMA_OPENSSL=OFF",
    f"-DCMAKE_PROJECT_llama.cpp_INCLUDE={ROOT / 'packaging' / 'llama.cmake'}",
)


def main() -> None:
    version = locked()
    stamp = Path(sys.prefix) / f".{PACKAGE}-{version}"
    if stamp.exists():
        return
    sys.stdout.write(f"Building {PACKAGE} {version} from source: some minutes, once a version.\n")
    sys.stdout.flush()
    subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "-q", "--no-cache-dir", "--force-reinstall", "--no-deps",
            "--no-binary", PACKAGE, f"{PACKAGE}=={version}",
        ],
        env={**os.environ, "CMAKE_ARGS": shlex.join(OPTIONS)},
        check=True,
    )  # fmt: skip
    stamp.touch()


def locked() -> str:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{PACKAGE}==(\S+)", lines, re.MULTILINE)
    if not found:
        sys.exit(f"requirements.lock does not name {PACKAGE}.")
    return found[1]


if __name__ == "__main__":
    main()
