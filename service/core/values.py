"""Exact numbers and strict JSON: how figures come in, are rounded and go out.

A number is a ``Decimal`` from the first byte of a request to the last byte of the answer. Operations of the rule
language run under ``CONTEXT`` (34 significant digits, half-up away from zero); exact work runs under ``EXACT``, where
an inexact result is an error instead of a rounding.
"""

import json
import re
from decimal import ROUND_HALF_UP, Clamped, Context, Decimal, Inexact, InvalidOperation
from json.encoder import encode_basestring
from typing import NoReturn, TypeAlias

from service.core.errors import MalformedError

DIGITS = 34
LARGEST = Decimal("1e20")
SMALLEST = Decimal("1e-20")

_EXPONENT = 999_999_999
CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_UP, Emin=-_EXPONENT, Emax=_EXPONENT, traps=[InvalidOperation])
EXACT = Context(
    prec=1_000_000,
    rounding=ROUND_HALF_UP,
    Emin=-_EXPONENT,
    Emax=_EXPONENT,
    traps=[InvalidOperation, Inexact, Clamped],
)
ROUNDING = Context(prec=1_000_000, rounding=ROUND_HALF_UP, Emin=-_EXPONENT, Emax=_EXPONENT, traps=[InvalidOperation])

# What no text holds but the breaks of its lines and tabs: C0, delete and C1.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

# What strict JSON may hold. Every number is a Decimal.
Json: TypeAlias = "bool | Decimal | str | list[Json] | dict[str, Json] | None"


def control_at(text: str) -> int | None:
    """Say where the first control character of a text is, counted from 1; None without one."""
    found = CONTROL.search(text)
    return None if found is None else found.start() + 1


def round_half_up(number: Decimal, decimals: int) -> Decimal:
    """Round to at most ``decimals`` decimals, halves away from zero. A number with fewer keeps them."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -decimals:
        return number
    return ROUNDING.quantize(number, Decimal(1).scaleb(-decimals))


def number_text(number: Decimal) -> str:
    """Write a number by value: no exponent, no trailing zeros, no minus zero. ``71.290`` is ``71.29``."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def read_json(text: str | bytes) -> Json:
    """Read strict JSON (RFC 8259, UTF-8) with exact numbers.

    Raises ``MalformedError`` for broken text, duplicate keys, NaN and infinities, lone surrogates, numbers beyond any
    decimal and nesting beyond what the reader holds.
    """
    try:
        content = text.decode("utf-8") if isinstance(text, bytes) else text
        value: Json = _READER.decode(content)
        if "\\" in content:
            _refuse_surrogates(value)
    except json.JSONDecodeError as error:
        raise MalformedError(because="syntax", line=error.lineno, column=error.colno) from error
    except UnicodeError as error:
        raise MalformedError(because="encoding") from error
    except InvalidOperation as error:
        raise MalformedError(because="number") from error
    except RecursionError as error:
        raise MalformedError(because="depth") from error
    return value


def write_json(value: Json) -> str:
    """Write JSON on one line, members in the order given, every number by value, UTF-8 characters unescaped."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return "[" + ",".join([write_json(item) for item in value]) + "]"
    if isinstance(value, dict):
        return "{" + ",".join([f"{encode_basestring(key)}:{write_json(item)}" for key, item in value.items()]) + "}"
    return _WRITER.encode(value)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedError(because="duplicate_key", key=twice)
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedError(because="constant", key=name)


def _refuse_surrogates(value: Json) -> None:
    json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")


_WRITER = json.JSONEncoder(ensure_ascii=False)
_READER = json.JSONDecoder(
    parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_object
)
