"""Files with applications sent over HTTP."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from werkzeug.test import TestResponse

from tests import tabled
from tests.api import parts
from tests.api.calling import Caller

PATH: Final = "/v1/imports"
DRY: Final = f"{PATH}?dry_run=true"
OTHER: Final = ("2", "渤海冷链（虚构）有限公司", "91379999DEM000022T", "冷链仓储项目", "5920", "expand", "55", None)

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def sent(
    caller: Caller, content: bytes, path: str = PATH, fields: Mapping[str, str] = _NONE, **headers: str
) -> TestResponse:
    return parts.send(caller, path, parts.table(content, **fields), **headers)


def rows(*cells: Iterable[object]) -> bytes:
    return tabled.csv_of(tabled.HEADINGS, *cells)
