"""L-BFGS with halving steps: finds the least of a smooth function of an array."""

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Loss = Callable[[Doubles], tuple[float, Doubles]]
"""The value at a place and its slope there."""

MEMORY = 8
SHRINKS = 0.5 ** np.arange(12)


def minimise(loss: Loss, start: Doubles, steps: int = 150, gain: float = 1e-7) -> Doubles:
    """At most `steps` steps; ends when one gains less than `gain`."""
    place = start
    value, slope = loss(place)
    pairs: deque[tuple[Doubles, Doubles]] = deque(maxlen=MEMORY)
    for _ in range(steps):
        way = _direction(slope, pairs)
        for size in SHRINKS:
            new_value, new_slope = loss(place + size * way)
            if new_value < value + 1e-4 * size * float((way * slope).sum()):
                break
        else:
            return place
        pairs.append((size * way, new_slope - slope))
        place, gained = place + size * way, value - new_value
        value, slope = new_value, new_slope
        if gained < gain:
            break
    return place


def _direction(slope: Doubles, pairs: deque[tuple[Doubles, Doubles]]) -> Doubles:
    """Down the slope, bent by what the last steps told of its curve."""
    way = -slope
    shares = []
    for step, change in reversed(pairs):
        share = float((step * way).sum()) / float((step * change).sum())
        way = way - share * change
        shares.append(share)
    if pairs:
        step, change = pairs[-1]
        way = way * float((step * change).sum()) / float((change**2).sum())
    for (step, change), share in zip(pairs, reversed(shares), strict=True):
        way = way + step * (share - float((change * way).sum()) / float((step * change).sum()))
    return way
