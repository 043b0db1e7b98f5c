import pytest

from tests import make
from tests.ui.visiting import Visitor, open_pages


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    """Pages stand on the same actions as the API, which are tried on both databases."""
    kind: str = request.param
    return kind


@pytest.fixture
def visitor(house: make.House) -> Visitor:
    """Somebody with a browser, whom nobody knows yet."""
    return open_pages(house)
