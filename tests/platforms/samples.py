"""The sample of every platform; a new adapter adds its own."""

from collections.abc import Mapping

from tests.platforms.facebook.sample import FACEBOOK
from tests.platforms.sample import Sample

SAMPLES: Mapping[str, Sample] = {"facebook": FACEBOOK}
