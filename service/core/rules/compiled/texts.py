"""JSON text of single values, as ``values.write_json`` writes them, only sooner."""

from decimal import Decimal
from functools import cache
from json.encoder import encode_basestring

from service.core.values import number_text

LONGEST = 20

_MOST_TEXTS = 10_001

quoted = encode_basestring


def escaped(text: str) -> str:
    """Give a text as it stands between the quotes of a JSON string."""
    return quoted(text)[1:-1]


def number(value: Decimal) -> str:
    """Write a number by value, as ``number_text`` does."""
    text = str(value)
    return text if text.isdecimal() or (text[-1] != "0" and "E" not in text) else by_value(text)


def by_value(text: str) -> str:
    """Write a number by value, given as its ``str``."""
    if "E" in text:
        return number_text(Decimal(text))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def usual(text: str, decimals: int) -> str:
    """Write a number by value that is short enough to be within every common limit; "" for any other.

    ``text`` is its ``str``. It has at most so many ``decimals``. 20 characters hold less than 1e20, no less than 1e-18
    and fewer than 34 digits. Zero is usual if it is spelt 0.
    """
    if text.isdecimal() and len(text) <= LONGEST:
        return text
    whole, _, fraction = text.partition(".")
    if fraction[-1:] != "0" and whole.isdecimal() and fraction.isdecimal():
        return text if len(text) <= LONGEST and len(fraction) <= decimals else ""
    fraction = fraction.rstrip("0")
    plain = f"{whole}{fraction}".removeprefix("-")
    if not plain.isdecimal() or len(text) > LONGEST or len(fraction) > decimals or not plain.strip("0"):
        return ""
    return f"{whole}.{fraction}" if fraction else whole


class UnitTexts(dict[str, str]):
    """The texts of published figures by their whole number of units of the last decimal; those from 0 to 100 prepared.

    The number of units is given as its ``str``, which is sooner found than a number. With more than two decimals they
    would be too many: then nothing is prepared.
    """

    def __init__(self, decimals: int) -> None:
        """Prepare the texts."""
        self._unit = Decimal(1).scaleb(-decimals)
        most = 100 * 10**decimals
        prepared = range(most + 1) if most < _MOST_TEXTS else ()
        super().__init__({str(units): number(units * self._unit) for units in prepared})

    def __missing__(self, units: str) -> str:
        """Write any other figure. Runs under ``EXACT``."""
        return number(Decimal(units) * self._unit)


unit_texts = cache(UnitTexts)
