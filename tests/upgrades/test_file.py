"""An upgrade is taken from somebody who is trusted with programs, whole, for this machine only."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from socialai.errors import UpgradeRefused
from socialai.inference.bundles import keys
from socialai.settings import Settings
from socialai.upgrades import file
from tests.upgrades.conftest import Make


def opened(path: Path, settings: Settings) -> file.Head:
    head = file.read_head(path, settings.data_dir)
    file.extract(path, head, path.with_name("extracted"))
    return head


def refusal(path: Path, settings: Settings) -> str:
    with pytest.raises(UpgradeRefused) as refused:
        opened(path, settings)
    assert not path.with_name("extracted").exists()
    assert not path.with_name("extracted.part").exists()
    return str(refused.value)


def test_a_signed_one_gives_its_program(make: Make, settings: Settings, tmp_path: Path) -> None:
    path = make("0.2.0")
    head = opened(path, settings)
    assert (head.upgrade.version, head.signed_by) == ("0.2.0", "maker")
    assert (tmp_path / "extracted").read_bytes() == (tmp_path / "made-0.2.0").read_bytes()
    assert (tmp_path / "extracted").stat().st_mode & 0o777 == 0o755


def test_nobody_elses_is_taken_not_even_of_who_is_trusted_with_models(make: Make, settings: Settings) -> None:
    stranger, models = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    keys.add(settings.data_dir, "models only", keys.public_of(models))
    for key in (stranger, models):
        assert "not signed by a key that is trusted with programs" in refusal(make("0.2.0", by=key), settings)


def test_a_program_of_this_kind_trusts_who_is_named_in_it(tmp_path: Path) -> None:
    named = tmp_path / "keys.toml"
    named.write_text(f'[[key]]\nname = "us"\npublic = "{"ab" * 32}"\n')
    assert keys.listed(named)[0].signs_programs


def test_one_that_is_cut_off_or_changed_is_refused(make: Make, settings: Settings) -> None:
    path = make("0.2.0")
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert "cut off or damaged. Fetch it again." in refusal(path, settings)
    path.write_bytes(whole[:-10] + b"0123456789")
    assert "is damaged: the program is not what was signed" in refusal(path, settings)
    path.write_bytes(b"MZ" + whole)
    assert "is no upgrade" in refusal(path, settings)
    assert "cannot be read" in refusal(path.with_name("none"), settings)


def test_one_for_another_machine_says_which(
    make: Make, settings: Settings, key: Ed25519PrivateKey, tmp_path: Path
) -> None:
    path = make("0.2.0")
    said = file.read_head(path, settings.data_dir).upgrade
    lines = path.read_bytes().split(b"\n", 3)
    other = lines[2].replace(said.machine.encode(), b"vax", 1)
    signature = key.sign(lines[0] + b"\n" + other).hex()
    signed = f'{{"key":"{keys.public_of(key)}","signature":"{signature}"}}'.encode()
    path.write_bytes(b"\n".join((lines[0], signed, other, lines[3])))
    assert "is for linux on vax" in refusal(path, settings)


@how(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(place=st.integers(0, 600), byte=st.integers(1, 255))
def test_no_changed_byte_before_the_program_is_taken(
    make: Make, settings: Settings, place: int, byte: int
) -> None:
    path = make("0.2.0")
    changed = bytearray(path.read_bytes())
    changed[place % len(changed)] ^= byte
    path.write_bytes(changed)
    refusal(path, settings)
