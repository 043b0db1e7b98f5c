"""Contents shown in the documentation."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_PAPER: Final = {
    "file": "(…)",
    "grade": "third_party",
    "facts": ["fresh_water_m3"],
    "issued_on": "2026-06-01",
    "expires_on": "2027-05-31",
}

PAPER: Final[Mapping[str, object]] = MappingProxyType({"paper": _PAPER})
ACCEPTED: Final[Mapping[str, object]] = MappingProxyType({"ruling": {"reason": "原件已核"}})
