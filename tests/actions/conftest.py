import pytest

from service.work import Runtime
from tests import make


@pytest.fixture
def house(runtime: Runtime) -> make.House:
    return make.house(runtime)
