"""Units: products of base names with integer powers. There is no conversion between different names.

A unit is a tuple of ``(name, power)`` pairs sorted by name, without zero powers; ``()`` is the unit ``1``.
"""

import re
import unicodedata
from collections import Counter
from typing import TypeAlias

Unit: TypeAlias = tuple[tuple[str, int], ...]

_FACTOR = re.compile(r"(?P<name>[^/*·^]*?[^\d\s/*·^-])(?:\^?(?P<power>-?[1-9][0-9]?))?", re.ASCII)
_DOTS = str.maketrans("⋅∙・×", "····")


def parse_unit(text: str) -> Unit:
    """Read a product such as ``m3/万元``, ``t·km``, ``%`` or ``1``; brackets have no meaning.

    From left to right: ``/`` divides by the one factor after it, ``*`` and ``·`` multiply. A number at the end of a
    name is its power (``m3``, ``m^3`` and ``m³`` are the same). Raises ``ValueError`` for anything else.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_DOTS)).replace("−", "-").strip()
    first, *rest = re.split(r"\s*([/*·])\s*", plain)
    powers = Counter(_factor(first))
    for operator, factor in zip(rest[::2], rest[1::2], strict=True):
        for name, power in _factor(factor).items():
            powers[name] += -power if operator == "/" else power
    return _unit(powers)


def unit_text(unit: Unit) -> str:
    """Write a unit so that ``parse_unit`` reads it back: ``m3/万元``, ``1/a``, ``1``."""
    above = [_power(name, power) for name, power in unit if power > 0]
    below = [_power(name, -power) for name, power in unit if power < 0]
    return "/".join(["·".join(above) or "1", *below])


def product(left: Unit, right: Unit) -> Unit:
    """Multiply two units."""
    powers = Counter(dict(left))
    for name, power in right:
        powers[name] += power
    return _unit(powers)


def quotient(left: Unit, right: Unit) -> Unit:
    """Divide one unit by another."""
    return product(left, tuple((name, -power) for name, power in right))


def _factor(text: str) -> dict[str, int]:
    if text == "1":
        return {}
    match = _FACTOR.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return {match["name"]: int(match["power"] or 1)}


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}{power}"


def _unit(powers: Counter[str]) -> Unit:
    return tuple(sorted((name, power) for name, power in powers.items() if power))
