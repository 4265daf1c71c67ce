"""The probe finds what can be found, and the measures count as written."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from socialai.cli.evaluate.probe import Probe
from socialai.cli.evaluate.sets import accuracy, calibration_error, f1, macro_recall, places


def test_classes_that_lie_apart_are_told_apart() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 4, 400)
    middles = random.normal(size=(4, 30))
    vectors = (middles[truth] + 0.3 * random.normal(size=(400, 30))).astype(np.float32)
    probe = Probe(vectors[:300], truth[:300])
    assert accuracy(probe.places(vectors[300:]), truth[300:]) == 100
    assert_allclose(probe.chances(vectors).sum(axis=1), 1, atol=1e-6)


def test_chances_of_noise_are_the_shares_of_the_classes() -> None:
    truth = np.array([0] * 75 + [1] * 25)
    chances = Probe(np.zeros((100, 3), np.float32), truth).chances(np.zeros((1, 3), np.float32))
    assert_allclose(chances, [[0.75, 0.25]], atol=1e-3)


def test_measures() -> None:
    truth, said = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    assert accuracy(said, truth) == 75
    assert macro_recall(said, truth) == pytest.approx(100 * (2 / 3 + 1) / 2)
    assert f1(said, truth) == pytest.approx(200 / 3)
    assert list(places(["b", "a"], ["a", "b"])) == [1, 0]


def test_calibration_error_is_the_gap_between_sure_and_right() -> None:
    sure = np.full(10, 0.9, np.float32)
    assert calibration_error(sure, np.array([True] * 9 + [False])) == pytest.approx(0, abs=1e-6)
    assert calibration_error(sure, np.zeros(10, bool)) == pytest.approx(0.9)
