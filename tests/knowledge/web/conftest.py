from collections.abc import Iterator

import pytest

from socialai.knowledge.web.addresses import resolve
from socialai.knowledge.web.fetch import Web
from tests.knowledge.web.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as started:
        yield started


@pytest.fixture
def web(site: Site) -> Web:
    """The network as it is, but the test's own site may be on this machine."""
    return Web(resolve=resolve, allowed=frozenset({site.host}), max_bytes=100_000, seconds=10.0)
