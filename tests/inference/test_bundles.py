"""Bundles: what is not signed, not whole or not for this machine is refused, and nothing of it is kept."""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from socialai.domain.bundle import Bundle, BundleFile, is_older, unsafe_path
from socialai.errors import BundleRefused, Conflict, InvalidInput, ModelError, NotFound
from socialai.inference.bundles import file, installed, keys
from socialai.inference.bundles.make import Facts, kind_of
from tests import bundles

Damage = Callable[[bytes], bytes]
_ZIP = b"PK\x03\x04"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    bundles.trust(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    return bundles.bundled(bundles.make_llm(folder / "tiny.gguf"), folder / "tiny.bundle")


def changed(whole: Path, to: Path, damage: Damage) -> Path:
    to.write_bytes(damage(whole.read_bytes()))
    return to


def kept(data_dir: Path) -> list[str]:
    """Everything there is of models but the keys."""
    return sorted(
        str(path.relative_to(data_dir / "models"))
        for path in (data_dir / "models").rglob("*")
        if path.is_file() and path.parent.name != "keys" and path.name != "lock"
    )


def lines(data: bytes) -> list[bytes]:
    return data.split(b"\n", 3)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "empty": (lambda _: b"", "no bundle of models"),
    "another kind of file": (lambda data: _ZIP + data, "no bundle of models"),
    "only its first line": (lambda data: data[:18], "cut off or damaged"),
    "cut off in its head": (lambda data: data[:300], "cut off or damaged"),
    "cut off in a file": (lambda data: data[:-1000], "it is cut off or damaged"),
    "something behind it": (lambda data: data + b"x", "it is cut off or damaged"),
    "a changed file": (lambda data: data[:-9] + b"damaged!!", "is not what was signed"),
    "a changed manifest": (lambda data: data.replace(b'":"MIT"', b'":"BSD"'), "not signed by a key"),
    "no signature": (lambda data: b"\n".join([lines(data)[0], b"{}", *lines(data)[2:]]), "no signature"),
    "a line without end": (lambda data: data[:18] + b"a" * 5000, "cut off or damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_not_whole_is_refused_and_nothing_is_kept(
    whole: Path, data_dir: Path, tmp_path: Path, name: str
) -> None:
    damage, said = DAMAGES[name]
    with pytest.raises(BundleRefused, match=re.escape(said)):
        installed.import_file(changed(whole, tmp_path / "brought.bundle", damage), data_dir)
    assert installed.bundles(data_dir) == []
    assert kept(data_dir) == []


def test_a_signature_of_somebody_else_is_none(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleRefused, match="not signed by a key that is trusted"):
        installed.import_file(whole, tmp_path)
    stranger = Ed25519PrivateKey.generate()
    keys.add(tmp_path, "a stranger", keys.public_of(stranger))
    forged = tmp_path / "forged.bundle"
    said = whole.read_bytes().split(b"\n", 2)
    claim = msgspec.json.decode(said[1]) | {"key": keys.public_of(stranger)}
    forged.write_bytes(b"\n".join([said[0], msgspec.json.encode(claim), said[2]]))
    with pytest.raises(BundleRefused, match="not signed by a key that is trusted"):
        installed.import_file(forged, tmp_path)


@pytest.mark.parametrize(
    "path",
    ["../evil.gguf", "/etc/cron.d/evil", "a/../../evil", "..", "a\\b.gguf", "C:evil", "a//b", "", ".ssh/x",
     "bundle.json/../x", "x" * 200, "a/b/c/d.gguf", "evil\n.gguf", "con/\x00"],
)  # fmt: skip
def test_no_name_leads_elsewhere_even_when_it_is_signed(data_dir: Path, tmp_path: Path, path: str) -> None:
    def rename(bundle: Bundle) -> Bundle:
        return msgspec.structs.replace(bundle, files={path: next(iter(bundle.files.values()))})

    source = bundles.make_llm(tmp_path / "tiny.gguf")
    signed = tmp_path / "evil.bundle"
    bundle, _ = bundles.make.of(source, Facts(licence="MIT"))
    manifest = msgspec.json.encode(rename(bundle))
    signature = bundles.KEY.sign(b"socialai-bundle 1\n" + manifest).hex()
    head = msgspec.json.encode({"key": keys.public_of(bundles.KEY), "signature": signature})
    signed.write_bytes(b"socialai-bundle 1\n" + head + b"\n" + manifest + b"\n" + source.read_bytes())
    with pytest.raises(BundleRefused, match="no name for one"):
        installed.import_file(signed, data_dir)
    assert kept(data_dir) == []
    assert not (tmp_path / "evil.gguf").exists()


def test_two_names_that_some_disks_take_for_one_are_refused() -> None:
    assert unsafe_path(["a.gguf", "A.gguf"]) == "A.gguf"
    assert unsafe_path(["encoder/model.onnx", "triage/model.onnx"]) is None


@pytest.mark.parametrize(
    ("news", "said"),
    [
        ({"memory": 10**15}, "of memory, and this machine has"),
        ({"program": "99.0"}, "needs version 99.0 of the hub"),
        ({"format": 2}, "Upgrade the hub"),
        ({"templates": {"chat": "{{ messages }}"}}, "is another one than its file has"),
        ({"kind": "set"}, "manifest.json cannot be read"),
    ],
    ids=lambda one: str(next(iter(one))) if isinstance(one, dict) else "",
)
def test_what_is_not_for_this_machine_or_lies_is_refused(
    data_dir: Path, tmp_path: Path, news: dict[str, object], said: str
) -> None:
    path = bundles.bundled(
        bundles.make_llm(tmp_path / "tiny.gguf"),
        tmp_path / "odd.bundle",
        change=lambda bundle: msgspec.structs.replace(bundle, **news),
    )
    with pytest.raises((BundleRefused, ModelError), match=re.escape(said)):
        installed.import_file(path, data_dir)
    assert kept(data_dir) == []


def test_more_than_the_disk_has_room_for_is_refused_before_anything_is_written(
    data_dir: Path, tmp_path: Path
) -> None:
    huge = {"tiny.gguf": BundleFile("0" * 64, 10**16)}
    path = bundles.bundled(
        bundles.make_llm(tmp_path / "tiny.gguf"),
        tmp_path / "huge.bundle",
        change=lambda bundle: msgspec.structs.replace(bundle, files=huge),
    )
    with pytest.raises(BundleRefused, match="cut off or damaged"):
        installed.import_file(path, data_dir)
    assert kept(data_dir) == []


@pytest.mark.parametrize("damage", ["truncated", "lies in its header"])
def test_a_signed_model_file_that_is_damaged_or_lies_is_refused_all_the_same(
    data_dir: Path, tmp_path: Path, damage: str
) -> None:
    source = bundles.make_llm(tmp_path / "tiny.gguf")
    data = source.read_bytes()
    bundle, _ = bundles.make.of(source, Facts(licence="MIT"))
    spoilt = data[:-5000] if damage == "truncated" else data[:8] + b"\xff" * 8 + data[16:]
    source.write_bytes(spoilt)
    files = {"tiny.gguf": file.described(source)}
    path = tmp_path / "bad.bundle"
    file.write(path, msgspec.structs.replace(bundle, files=files), tmp_path, bundles.KEY, lambda _: None)
    with pytest.raises(ModelError, match=r"tiny\.gguf cannot be used"):
        installed.import_file(path, data_dir)
    assert kept(data_dir) == []


def test_imported_it_waits_and_is_not_taken_twice(whole: Path, data_dir: Path) -> None:
    one = installed.import_file(whole, data_dir)
    assert (one.id, one.bundle.kind, one.signed_by) == ("llm-1", "llm", "a friend")
    assert one.file.read_bytes() == whole.read_bytes()[-one.bundle.bytes :]
    assert installed.active(data_dir, "llm") is None
    with pytest.raises(Conflict, match="as llm-1"):
        installed.import_file(whole, data_dir)


def test_an_import_that_was_cut_short_goes_on_where_it_was(data_dir: Path, tmp_path: Path) -> None:
    source = bundles.make_set(tmp_path / "set")
    path = bundles.bundled(source, tmp_path / "set.bundle")
    done: list[float] = []

    def stop_half_way(count: float) -> None:
        done.append(count)
        if sum(done) > 12e6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        installed.import_file(path, data_dir, stop_half_way)
    waiting = {
        path.name: path.stat().st_mtime_ns for path in (data_dir / "models" / "incoming").rglob("*.json")
    }
    assert installed.bundles(data_dir) == []
    one = installed.import_file(path, data_dir)
    assert one.id == "set-1"
    assert {name: (one.folder / "encoder" / name).stat().st_mtime_ns for name in waiting} == waiting


def test_what_was_active_before_comes_back_and_only_what_rests_is_removed(
    data_dir: Path, tmp_path: Path
) -> None:
    first = bundles.bring(data_dir, bundles.make_llm(tmp_path / "a.gguf", seed=1), "first")
    second = bundles.bring(data_dir, bundles.make_llm(tmp_path / "b.gguf", seed=2), "second")
    for one in (first, second, first, second):
        installed.activate(data_dir, one.id)
    assert [one.id for one in installed.history(data_dir, "llm")] == [second.id, first.id]
    with pytest.raises(InvalidInput, match="serves now"):
        installed.remove(data_dir, second.id)
    assert installed.roll_back(data_dir, "llm") == first
    assert installed.active(data_dir, "llm") == first
    installed.remove(data_dir, second.id)
    assert not second.folder.exists()
    assert installed.roll_back(data_dir, "llm") is None
    with pytest.raises(InvalidInput, match="travels with the program"):
        installed.roll_back(data_dir, "llm")
    with pytest.raises(NotFound):
        installed.activate(data_dir, second.id)


def test_a_list_of_active_ones_leads_nowhere_else(data_dir: Path) -> None:
    (data_dir / "models" / "set.list").write_text("../../etc\n/root\nset-9")
    assert installed.history(data_dir, "set") == []


# -- keys


def test_keys_that_travel_with_the_program_are_marked_as_such(tmp_path: Path) -> None:
    assert all(key.is_ours for key in keys.trusted(tmp_path))
    listed = tmp_path / "keys.toml"
    listed.write_text(f'[[key]]\nname = "The project"\npublic = "{"a" * 64}"\n')
    assert keys.listed(listed) == [keys.Key("The project", "a" * 64, is_ours=True, signs_programs=True)]


def test_a_key_is_trusted_under_one_name_until_it_is_removed(tmp_path: Path) -> None:
    ours = keys.trusted(tmp_path)
    bundles.trust(tmp_path)
    public = keys.public_of(bundles.KEY)
    with pytest.raises(Conflict, match="trusted already"):
        keys.add(tmp_path, "again", public)
    with pytest.raises(Conflict, match="called a friend already"):
        keys.add(tmp_path, "a friend", "0" * 64)
    for wrong in ("", "0" * 63, "g" * 64, "../x"):
        with pytest.raises(InvalidInput, match="64 hexadecimal"):
            keys.add(tmp_path, "wrong", wrong)
    with pytest.raises(InvalidInput, match="Name the key"):
        keys.add(tmp_path, "../../etc", "0" * 64)
    assert keys.remove(tmp_path, "a friend").public == public
    assert keys.trusted(tmp_path) == ours
    with pytest.raises(NotFound, match="No key that was added here"):
        keys.remove(tmp_path, "a friend")


def test_the_hubs_own_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = keys.own(tmp_path)
    assert keys.public_of(keys.own(tmp_path)) == keys.public_of(first)
    assert (tmp_path / "models" / "keys" / "own.key").stat().st_mode & 0o077 == 0
    assert [key.name for key in keys.trusted(tmp_path)][-1] == "this hub"
    with pytest.raises(InvalidInput, match="File exists"):
        keys.new_private(tmp_path / "models" / "keys" / "own.key")


def test_what_is_no_model_is_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    for path in (tmp_path, tmp_path / "notes.txt", tmp_path / "nowhere"):
        with pytest.raises(InvalidInput, match="is no model"):
            kind_of(path)


@pytest.mark.parametrize(
    ("version", "wanted", "older"),
    [("0.1.0", "0.1", False), ("0.9", "0.10.0", True), ("1.0", "0.99", False), ("0.1.0", "0.1.0.1", True)],
)
def test_versions_are_compared_by_their_numbers(version: str, wanted: str, older: bool) -> None:
    assert is_older(version, wanted) is older


@settings(max_examples=300)
@given(st.binary(max_size=400), st.sampled_from([b"", b"socialai-bundle 1\n", b"socialai-bundle 1\n{}\n"]))
def test_no_bytes_whatever_are_more_than_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, start: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bundle"
    path.write_bytes(start + tail)
    with pytest.raises(BundleRefused):
        file.read_head(path, path.parent)
