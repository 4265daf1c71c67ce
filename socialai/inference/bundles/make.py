"""What a bundle of one's own says of itself, read from its files."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from socialai import __version__
from socialai.domain.bundle import FORMAT, Bundle, Kind
from socialai.domain.engine import DEFAULT_CONTEXT
from socialai.errors import InvalidInput
from socialai.inference import sets
from socialai.inference.bundles.file import described
from socialai.inference.gguf import Header
from socialai.inference.llama_model import check_file, memory_of
from socialai.inference.manifest import ENCODER_FILE, Manifest, check_folder

_TIMES = 4
"""The memory of a small model, in its files: read, unpacked, and what it works with."""


class Facts(Struct, frozen=True):
    """What whoever makes it says; empty: as the files say."""

    name: str = ""
    version: str = ""
    licence: str = ""
    source: str = ""


def kind_of(source: Path) -> Kind:
    """InvalidInput when it is nothing that could be a bundle."""
    if source.suffix.lower() == ".gguf" and source.is_file():
        return "llm"
    if all((source / name).is_dir() for name in sets.PARTS):
        return "set"
    if (source / ENCODER_FILE).is_file():
        return "search"
    raise InvalidInput(
        f"{source} is no model: give a GGUF file, a folder with {', '.join(sets.PARTS)} in it, or that of an "
        "encoder."
    )


def of(source: Path, facts: Facts) -> tuple[Bundle, Path]:
    """The bundle, and the folder its files are in. Raises InvalidInput or ModelError."""
    kind = kind_of(source)
    if kind == "llm":
        return _llm(source, facts), source.parent
    return (_set(source, facts) if kind == "set" else _search(source, facts)), source


def _set(folder: Path, facts: Facts) -> Bundle:
    manifests = sets.check_set(folder)
    names = [
        f"{part}/{name}" for part, found in zip(sets.PARTS, manifests, strict=True) for name in _files(found)
    ]
    return _bundle("set", folder, names, facts, manifests)


def _search(folder: Path, facts: Facts) -> Bundle:
    manifest = check_folder(folder)
    return _bundle("search", folder, list(_files(manifest)), facts, [manifest])


def _files(manifest: Manifest) -> Iterator[str]:
    yield "manifest.json"
    yield from manifest.files


def _bundle(kind: Kind, folder: Path, names: list[str], facts: Facts, manifests: list[Manifest]) -> Bundle:
    files = {name: described(folder / name) for name in names}
    licences = dict.fromkeys(manifest.licence for manifest in manifests)
    return Bundle(
        format=FORMAT,
        kind=kind,
        name=facts.name or manifests[-1 if kind == "set" else 0].name,
        version=facts.version or "1",
        purpose="; ".join(manifest.purpose for manifest in manifests),
        licence=facts.licence or ", ".join(licences),
        source=facts.source or "; ".join(dict.fromkeys(manifest.source for manifest in manifests)),
        program=__version__,
        memory=_TIMES * sum(file.bytes for file in files.values()),
        files=files,
    )


def _llm(file: Path, facts: Facts) -> Bundle:
    header = check_file(file)
    licence = facts.licence or _text(header, "general.license")
    if not licence:
        raise InvalidInput(f"{file.name} does not say under which licence it is. Say it: --licence")
    return Bundle(
        format=FORMAT,
        kind="llm",
        name=facts.name or file.stem,
        version=facts.version or _text(header, "general.version") or "1",
        purpose="Writes replies from the knowledge",
        licence=licence,
        source=facts.source or _text(header, "general.source.url") or _text(header, "general.name"),
        program=__version__,
        memory=memory_of(header, DEFAULT_CONTEXT),
        files={file.name: described(file)},
        templates={"chat": header.facts["tokenizer.chat_template"]},
    )


def _text(header: Header, key: str) -> str:
    value = header.facts.get(key)
    return value if isinstance(value, str) else ""
