"""The one file that is downloaded: unpacks the program beside it in a folder of its own once, then is that program.

It is a zip behind a small executable, of the standard library only. Unpacking at each start, as PyInstaller's
one-file form does, costs seconds and leaves files behind when it is killed.
"""

import os
import sys
import zipfile
import zlib
from pathlib import Path

PROGRAM = "socialai.exe" if os.name == "nt" else "socialai"
FOLDER = "socialai-hub-program"
NAME = slice(-104, -88)
"""Where the end of the file names the program: 16 letters and digits, before the 88 bytes of PyInstaller's mark."""


def main() -> int:
    try:
        program = unpacked(Path(sys.executable)) / PROGRAM
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return fail(f"{sys.executable} is not whole. Download it again.")
    except OSError as error:
        return fail(
            f"The program cannot be unpacked: {error}. It needs 400 MB; SOCIALAI_PROGRAM_DIR may name another folder."
        )
    return become(program)


def unpacked(source: Path) -> Path:
    """The folder of this very program; made at the first start, whole or not at all."""
    folder = place() / name_of(source)
    if not folder.is_dir():
        unpack(source, folder)
    return folder


def name_of(source: Path) -> str:
    """The end of the file says which program it is, so that a second start reads no more than that."""
    with source.open("rb") as file:
        file.seek(NAME.start, os.SEEK_END)
        name = file.read(NAME.stop - NAME.start)
    if not name.isalnum():
        raise EOFError
    return name.decode("ascii")


def unpack(source: Path, folder: Path) -> None:
    """By as many threads as there are processors; what the first start alone needs is imported here."""
    import shutil
    import tempfile
    from concurrent.futures import ThreadPoolExecutor

    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = Path(tempfile.mkdtemp(prefix="unpacking-", dir=folder.parent))
    try:
        for parent in {(scratch / name).parent for name in names}:  # beforehand: the threads would race for them
            parent.mkdir(parents=True, exist_ok=True)
        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda part: extract(source, part, scratch), [names[i::workers] for i in range(workers)]))
        scratch.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another start was faster
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def extract(source: Path, names: list[str], target: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        for name in names:
            path = Path(archive.extract(name, target))
            if mode := archive.getinfo(name).external_attr >> 16 & 0o777:
                path.chmod(mode)


def place() -> Path:
    if chosen := os.environ.get("SOCIALAI_PROGRAM_DIR"):
        return Path(chosen).absolute()
    if os.name == "nt":
        return Path(os.environ["LOCALAPPDATA"]) / FOLDER
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / FOLDER
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / FOLDER


def become(program: Path) -> int:
    environ = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1", "SOCIALAI_EXECUTABLE": sys.executable}
    environ.pop("LD_LIBRARY_PATH", None)
    if original := os.environ.get("LD_LIBRARY_PATH_ORIG"):
        environ["LD_LIBRARY_PATH"] = original
    command = [str(program), *sys.argv[1:]]
    if os.name == "nt":
        import subprocess

        return subprocess.run(command, env=environ, check=False).returncode
    os.execve(program, command, environ)


def fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 3


if __name__ == "__main__":
    sys.exit(main())
