import gzip
from pathlib import Path

import msgspec

from socialai.cli.evaluate import grounding


def test_without_the_data_the_figure_is_empty(tmp_path: Path) -> None:
    (only,) = grounding.run(tmp_path)
    assert (only.value, only.compared_to) == (None, "word overlap .939")


def test_what_the_passage_says_is_above_what_it_does_not(tmp_path: Path) -> None:
    passage = "The museum opened in 1911. It stands by the river."
    rows = [
        {"knowledge": passage, "response": "it opened in 1911", "begin_label": "Fully attributable"},
        {"knowledge": passage, "response": "i love dogs!", "begin_label": "Not fully attributable"},
    ]
    path = tmp_path / "data/begin/dev_wow.jsonl.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(b"\n".join(map(msgspec.json.encode, rows))))
    (only,) = grounding.run(tmp_path)
    assert only.value == 1
