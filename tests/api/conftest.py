import pytest

from tests import make
from tests.api.calling import Http, open_http


@pytest.fixture
def http(house: make.House) -> Http:
    return open_http(house)
