import pytest

from tests import apps, make
from tests.api.calling import Http


@pytest.fixture
def http(house: make.House) -> Http:
    return Http(house, apps.lent(house.runtime))
