"""Values as canonical JSON, written a second time."""

import json
from datetime import date
from fractions import Fraction

from tests.second_reading.language import Plain


def canonical(value: Plain) -> str:
    """One line without spaces, members as they stand and unknown ones left out, numbers by value without exponents."""
    if isinstance(value, Fraction):
        return _digits(value)
    if isinstance(value, date):
        return json.dumps(value.isoformat())
    if isinstance(value, list):
        return f"[{','.join(map(canonical, value))}]"
    if isinstance(value, dict):
        known = {name: item for name, item in value.items() if item is not None}
        return "{" + ",".join(f"{canonical(name)}:{canonical(item)}" for name, item in known.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def _digits(number: Fraction) -> str:
    """Write a fraction whose denominator is made of twos and fives."""
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = str(abs(number) * 10**places).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
