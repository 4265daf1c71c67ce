"""Teach the triage branch over the states of the shipped encoder.

Run in a Python with the `models` extra: `socialai models build --only triage`. What was computed is kept in
the work folder, so that a run that was stopped goes on where it was.
"""

import argparse
import json
import shutil
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np
import torch

from socialai.inference.heads import MARKS, place_of
from socialai.inference.triage import BRANCH_FILE, CALIBRATION_FILE

from . import examples as reading
from .branch import Branch
from .branch_export import export, run, shrink
from .calibrate import calibrate, measure
from .folds import FOLDS
from .manifest import options, print_metrics, write_manifest
from .school import THREADS, Plan, School, Work
from .states import Floats, States
from .targets import Targets
from .training import Places, says

QUICK = Plan(first_steps=20, second_steps=40, rows=300)
MOST_LOST = 0.003
PEAK_TEXTS = 600


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
    right = (said[:, place_of("spam")] > 0) == (targets.marks[:, MARKS.index("spam")].numpy() > 0)
    if not (sources == "sms_spam").any():
        return {}
    videos = [right[(sources == "youtube_spam") & (folds == fold)] for fold in range(FOLDS)]
    return {
        "spam_leave_one_video_out_accuracy": round(float(np.mean([one.mean() for one in videos])), 4),
        "spam_sms_grouped_accuracy": round(float(right[sources == "sms_spam"].mean()), 4),
    }


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
