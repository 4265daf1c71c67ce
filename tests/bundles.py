"""Bundles for the tests: small ones of real files, signed by a key of the test's own."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from socialai.inference.bundles import file, keys, make
from socialai.inference.bundles.installed import Installed, activate, import_file
from socialai.inference.bundles.make import Facts
from socialai.inference.encoder import TAP
from socialai.inference.sets import PARTS
from socialai.resources import resource
from tests import gguf

KEY = Ed25519PrivateKey.generate()
Change = Callable[[bytes], bytes]


def trust(data_dir: Path, name: str = "a friend") -> None:
    keys.add(data_dir, name, keys.public_of(KEY))


def make_set(folder: Path) -> Path:
    """The shipped one."""
    for name in PARTS:
        shutil.copytree(resource("models", name), folder / name)
    return folder


def make_search(folder: Path, name: str = "my-own", twist: bytes = b"x") -> Path:
    """As the recipe leaves it: the embedded encoder under another name, and its layers too."""
    shutil.copytree(resource("models", "encoder"), folder)
    graph = (folder / "model.onnx").read_bytes().replace(TAP.encode(), twist * len(TAP))
    (folder / "model.onnx").write_bytes(graph)
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    manifest["name"] = name
    manifest["files"]["model.onnx"]["sha256"] = hashlib.sha256(graph).hexdigest()
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    return folder


def make_llm(path: Path, seed: int = 1) -> Path:
    return gguf.make(path, seed=seed, context=8192)


def bundled(
    source: Path,
    to: Path,
    *,
    facts: Facts | None = None,
    key: Ed25519PrivateKey = KEY,
    change: Callable[[make.Bundle], make.Bundle] = lambda bundle: bundle,
) -> Path:
    """`change` what it says of itself before it is signed."""
    bundle, folder = make.of(source, facts or Facts(licence="MIT"))
    file.write(to, change(bundle), folder, key, lambda _: None)
    return to


def activated(data_dir: Path, source: Path, name: str = "brought") -> Installed:
    """Bundle, import and activate it."""
    return activate(data_dir, bring(data_dir, source, name).id)


def bring(data_dir: Path, source: Path, name: str = "brought") -> Installed:
    """Bundle and import it."""
    if keys.public_of(KEY) not in {key.public for key in keys.trusted(data_dir)}:
        trust(data_dir)
    facts = Facts(name=name, licence="MIT")
    return import_file(bundled(source, source.parent / f"{name}.bundle", facts=facts), data_dir)
