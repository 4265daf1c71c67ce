"""The models that travel with the program, loaded once."""

from collections.abc import Iterator

import pytest

from socialai.inference.encoder import Encoder
from socialai.inference.models import Models
from socialai.resources import resource


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder(resource("models", "encoder"))


@pytest.fixture(scope="session")
def models() -> Iterator[Models]:
    loaded = Models(resource("models"))
    yield loaded
    loaded.close()
