from typing import cast

import pytest

from socialai.platforms.base import Platform
from socialai.platforms.registry import PLATFORMS
from tests.platforms.sample import Sample
from tests.platforms.samples import SAMPLES


@pytest.fixture(params=PLATFORMS)
def kind(request: pytest.FixtureRequest) -> str:
    return cast("str", request.param)


@pytest.fixture
def platform(kind: str) -> type[Platform]:
    return PLATFORMS[kind]


@pytest.fixture
def sample(kind: str) -> Sample:
    return SAMPLES[kind]
