"""What lies in a model folder: written by the recipes, checked by `socialai models verify`."""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent.parent


def options(name: str) -> argparse.ArgumentParser:
    """What every recipe takes: where the model's folder is to be."""
    parser = argparse.ArgumentParser(prog=f"recipes.{name}")
    parser.add_argument("--out", type=Path, default=MODELS / name, help="the model's folder")
    return parser


def encoder_beside(folder: Path) -> Path:
    """The encoder of the set that a model's folder belongs to; the shipped one where the set has none yet."""
    beside = folder.resolve().parent / "encoder"
    return beside if (beside / "manifest.json").is_file() else MODELS / "encoder"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder: Path, facts: dict[str, Any]) -> None:
    """`facts` (name, version, source, licence, metrics …) and the size and sha256 of every other file."""
    files = {
        path.name: {"sha256": sha256(path), "bytes": path.stat().st_size}
        for path in sorted(folder.iterdir())
        if path.name != "manifest.json"
    }
    text = json.dumps({**facts, "files": files}, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    if folder.resolve().parent == MODELS.resolve():
        write_catalogue()


def write_catalogue() -> None:
    """models.toml: every file of every model, from the manifests."""
    lines = ["# Written by the recipes, from the manifests. `socialai models verify` checks the files."]
    for path in sorted(MODELS.glob("*/manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        lines += ["", f"[{path.parent.name}]"]
        lines += [f"{key} = {json.dumps(manifest[key])}" for key in ("name", "licence", "purpose", "recipe")]
        for name, file in manifest["files"].items():
            lines.append(f'files."{name}" = {{ size = {file["bytes"]}, sha256 = "{file["sha256"]}" }}')
    (MODELS / "models.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def print_metrics(metrics: dict[str, Any]) -> None:
    for name, value in metrics.items():
        sys.stdout.write(f"{name}: {value}\n")
