"""make executable: dist/socialai, one file for this kind of machine, with what it is made of and its checksum.

    python packaging/build_executable.py [--to FOLDER]
"""

import argparse
import hashlib
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUFFIX = ".exe" if os.name == "nt" else ""
MAGIC = b"MEI\014\013\012\013\016"
MARK = struct.Struct("!8sIIII64s")
"""PyInstaller's, at the end of what it makes: magic, length, offset and length of contents, Python, its library."""
MOMENT = (1980, 1, 1, 0, 0, 0)
"""Of every file in the zip, so that the same sources give the same bytes."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    target: Path = parser.parse_args().to.absolute()
    target.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        program = freeze("socialai", Path(scratch)) / "socialai"
        slim(program)
        licences(program / "_internal" / "licences")
        launcher = freeze("launcher", Path(scratch)) / f"launcher{SUFFIX}"
        made = pack(launcher, program, target / f"socialai{SUFFIX}")
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    made.with_name(f"{made.name}.sha256").write_text(f"{digest}  {made.name}\n", encoding="ascii")
    bill_of_materials(target / "socialai.cdx.json")
    took = time.monotonic() - started
    sys.stdout.write(f"{made}: {made.stat().st_size / 1e6:.1f} MB, sha256 {digest}, built in {took:.0f} s\n")


def freeze(name: str, scratch: Path) -> Path:
    """Hash seed and source date are fixed: PyInstaller then writes the same archive each time."""
    command = [
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
        "--distpath", str(scratch / "dist"), "--workpath", str(scratch / "work"),
        str(ROOT / "packaging" / f"{name}.spec"),
    ]  # fmt: skip
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "315532800"}
    subprocess.run(command, check=True, env=environ)
    return scratch / "dist"


def slim(program: Path) -> None:
    """Debugging symbols go. Only of files that have them: strip breaks what patchelf has rewritten (numpy's)."""
    if not (strip := shutil.which("strip")) or not (readelf := shutil.which("readelf")):
        return
    for library in program.rglob("*.so*"):
        sections = subprocess.run([readelf, "-SW", library], capture_output=True, text=True, check=False).stdout
        if ".debug_info" in sections:
            subprocess.run([strip, "--strip-debug", library], check=True)


def licences(folder: Path) -> None:
    """The licence texts of everything that is inside, by package."""
    for package in runtime():
        for file in package.files or ():
            if re.match(r"(licen[cs]e|copying|notice)", file.name, re.IGNORECASE):
                source = Path(str(file.locate()))
                if source.is_file():
                    kept = folder / package.name / file.name
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, kept)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    shutil.copyfile(ROOT / "models" / "NOTICE.md", folder / "MODELS.md")


def runtime() -> list[metadata.Distribution]:
    """The packages that the product needs, and what those need; nothing of what builds or tests it."""
    from packaging.requirements import Requirement

    found: dict[str, metadata.Distribution] = {}
    waiting = ["socialai-hub"]
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        for text in found[name].requires or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                waiting.append(needed.name)
    return [found[name] for name in sorted(found)]


def bill_of_materials(path: Path) -> None:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    def component(one: metadata.Distribution) -> Component:
        said = one.metadata.get("License-Expression") or (one.metadata.get("License") or "").split("\n")[0][:100]
        return Component(
            name=one.name,
            version=one.version,
            type=ComponentType.APPLICATION if one.name == "socialai-hub" else ComponentType.LIBRARY,
            bom_ref=f"{one.name}=={one.version}",
            purl=PackageURL("pypi", name=one.name, version=one.version),
            licenses=[LicenseFactory().make_from_string(said)] if said else [],
        )

    bom = Bom()
    for one in runtime():
        bom.components.add(component(one))
    path.write_text(JsonV1Dot6(bom).output_as_string(indent=2), encoding="utf-8")


def pack(launcher: Path, program: Path, made: Path) -> Path:
    """The zip's comment, its last bytes, names what is in it and repeats PyInstaller's mark: its bootloader looks
    for that from the end, and would read the whole zip first, half a second."""
    shutil.copyfile(launcher, made)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(path for path in program.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(program).as_posix(), MOMENT)
            entry.external_attr = (path.stat().st_mode & 0o777) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=6)
        inside = repr([(one.filename, one.CRC) for one in archive.infolist()])
        name = hashlib.sha256(inside.encode()).hexdigest()[:16].encode()
        archive.comment = name + bytes(MARK.size)
    with made.open("r+b") as file:
        mark = moved_mark(launcher.read_bytes(), file.seek(0, os.SEEK_END))
        file.seek(-MARK.size, os.SEEK_END)
        file.write(mark)
    made.chmod(0o755)
    return made


def moved_mark(launcher: bytes, end: int) -> bytes:
    """PyInstaller's mark as it is at the `end` of a longer file: it says how far before it the archive begins."""
    place = launcher.rindex(MAGIC)
    magic, length, *rest = MARK.unpack_from(launcher, place)
    begins = place + MARK.size - length
    return MARK.pack(magic, end - begins, *rest)


if __name__ == "__main__":
    main()
