"""Which models serve: the bundle that was activated where it is whole, else the one before, else our own."""

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from socialai.domain.bundle import Kind
from socialai.errors import ModelError
from socialai.inference.bundles import installed
from socialai.inference.bundles.installed import Installed
from socialai.inference.manifest import check_folder
from socialai.inference.sets import check_set
from socialai.resources import resource


class Serving(Struct, frozen=True):
    """`set` is the folder of what understands, `search` that of an encoder for the knowledge alone. `refused`
    says of each that was passed over why, and what to do."""

    set: Path
    search: Path | None = None
    refused: tuple[str, ...] = ()


def serving(data_dir: Path) -> Serving:
    """Takes some hundredths of a second: every byte of what is chosen is compared with its checksum."""
    refused: list[str] = []
    understands = next(_whole(data_dir, "set", check_set, refused), None)
    searches = next(_whole(data_dir, "search", check_folder, refused), None)
    return Serving(
        understands.folder if understands else resource("models"),
        searches.folder if searches else None,
        tuple(refused),
    )


def _whole(
    data_dir: Path, kind: Kind, check: Callable[[Path], object], refused: list[str]
) -> Iterator[Installed]:
    for one in installed.history(data_dir, kind):
        try:
            check(one.folder)
        except ModelError as error:
            refused.append(f"{error} Until then what was there before serves.")
        else:
            yield one
