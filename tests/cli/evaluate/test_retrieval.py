import gzip
from pathlib import Path
from typing import Any

import msgspec

from socialai.cli.evaluate import retrieval


def test_without_the_data_every_figure_is_empty(tmp_path: Path) -> None:
    assert {result.value for result in retrieval.run(tmp_path)} == {None}


def test_figures_of_a_small_set(tmp_path: Path) -> None:
    squad, clapnq = tmp_path / "data/squad_v11_dev", tmp_path / "data/clapnq"
    _write(squad / "paragraphs.jsonl.gz", [{"text": "Oslo lies in Norway."}, {"text": "Rome lies in Italy."}])
    _write(squad / "questions.jsonl.gz", [{"question": "Where is Rome?", "para": 1}])
    passage = {"question": "Who painted the ceiling?", "passage": "Mira painted the ceiling in 1990."}
    _write(clapnq / "dev_answerable.jsonl.gz", [passage])
    _write(
        clapnq / "dev_unanswerable.jsonl.gz",
        [{"question": "Why do cats purr?", "passage": "Bread needs salt."}],
    )
    values = {result.name: result.value for result in retrieval.run(tmp_path)}
    assert values["SQuAD hybrid R@1"] == 100
    assert values["CLAP NQ hybrid R@1"] == 100
    assert values["CLAP NQ answerable or not, by score"] == 1


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(b"\n".join(map(msgspec.json.encode, rows))))
