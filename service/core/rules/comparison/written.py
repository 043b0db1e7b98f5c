"""What a loaded rulebook no longer tells: the values that parameters have without a profile and in each profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias, cast

from service.core.rules.comparison.values import Measure, Told
from service.core.rules.model import Rulebook
from service.core.rules.reading.collect import Faults
from service.core.rules.reading.keys import SECTIONS
from service.core.rules.reading.plain import plain
from service.core.rules.reading.text import decode
from service.core.rules.reading.yaml import compose
from service.core.values import Json

Values: TypeAlias = Mapping[str, Told]


@dataclass(frozen=True, slots=True)
class Written:
    """The value of each parameter without a profile, what each profile sets, and what is in force."""

    plainly: Values
    profiles: Mapping[str, Values]
    in_force: Values


def written(rulebook: Rulebook) -> Written:
    """Read the values from the file of a rulebook without a fault."""
    file = _file(rulebook.source)
    units = {name: parameter.unit for name, parameter in rulebook.parameters.items()}
    plainly = {name: told(entry["value"], units[name]) for name, entry in file.get("parameters", {}).items()}
    profiles = {
        profile: {name: told(value, units[name]) for name, value in values.items()}
        for profile, values in file.get("profiles", {}).items()
    }
    in_force = {name: told(parameter.value, parameter.unit) for name, parameter in rulebook.parameters.items()}
    return Written(plainly, profiles, in_force)


@lru_cache(maxsize=4)
def _file(content: bytes) -> Mapping[str, Mapping[str, Mapping[str, Json]]]:
    faults = Faults()
    source, _ = decode(content)
    root = None if source is None else compose(source, SECTIONS, faults)
    return {} if root is None else cast("dict[str, dict[str, dict[str, Json]]]", plain(root, faults))


def told(value: object, unit: str) -> Told:
    """Give the value of a parameter to be compared."""
    if isinstance(value, list | tuple):
        return tuple(told(item, unit) for item in value)
    return Measure(value, unit) if isinstance(value, Decimal) else cast("Told", value)
