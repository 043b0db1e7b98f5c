"""What single values of a rules file look like to JSON Schema (draft-07), from what the readers ask of them."""

from collections.abc import Mapping
from enum import StrEnum
from re import Pattern
from typing import Any, Final, TypeAlias

from service.core.rules.reading.bylaws import FRACTION
from service.core.rules.reading.decision import DUE
from service.core.rules.reading.scalars import DAY, LABEL, MOST_DECIMALS, NAME, RESERVED
from service.core.rules.reading.scales import PAIR
from service.core.values import LARGEST

Shape: TypeAlias = Mapping[str, Any]

ANYTHING: Final[Shape] = {}
TEXT: Final[Shape] = {"type": "string", "pattern": r"\S"}
BOOLEAN: Final[Shape] = {"type": "boolean"}
NUMBER: Final[Shape] = {"type": "number", "minimum": -int(LARGEST), "maximum": int(LARGEST)}
SCORE: Final[Shape] = {"type": "number", "minimum": 0, "maximum": 100}
SCORE_OR_NULL: Final[Shape] = {**SCORE, "type": ["number", "null"]}
WEIGHT: Final[Shape] = {**NUMBER, "minimum": 0}
DECIMALS: Final[Shape] = {"type": "integer", "minimum": 0, "maximum": MOST_DECIMALS}
EXPRESSION: Final[Shape] = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
TRUE: Final[Shape] = {"const": True}


def written(pattern: Pattern[str]) -> Shape:
    """Give the shape of a text that is all of a pattern."""
    return {"type": "string", "pattern": f"^(?:{pattern.pattern})$"}


NAMED: Final[Shape] = {"type": "string", "pattern": f"^(?!(?:{'|'.join(sorted(RESERVED))})$)(?:{NAME.pattern})$"}
LABELLED: Final[Shape] = written(LABEL)
DUE_BY: Final[Shape] = written(DUE)
DATE: Final[Shape] = {**written(DAY), "format": "date"}
DATE_OR_NULL: Final[Shape] = {**DATE, "type": ["string", "null"]}
TEXT_OR_NULL: Final[Shape] = {**TEXT, "type": ["string", "null"]}


def listed(items: Shape, least: int = 0) -> Shape:
    """Give the shape of a list of the same."""
    return {"type": "array", "items": items, **({"minItems": least} if least else {})}


def table_of(values: Shape, names: Shape | None = None, least: int = 0) -> Shape:
    """Give the shape of a table whose keys are the file's own."""
    return {
        "type": "object",
        "additionalProperties": values,
        **({"propertyNames": names} if names else {}),
        **({"minProperties": least} if least else {}),
    }


def one_word(words: type[StrEnum], *without: StrEnum) -> tuple[str, ...]:
    """Give the words of an enumeration, less some."""
    return tuple(word.value for word in words if word not in without)


def just_one(*keys: str) -> Shape:
    """Say that a table has one of these keys and no more."""
    return {"oneOf": [{"required": [key]} for key in keys]}


CONSTANT: Final[Shape] = {"anyOf": [NUMBER, TEXT, BOOLEAN, *map(listed, (NUMBER, TEXT, BOOLEAN))]}
COUNTED: Final[Shape] = {"anyOf": [NUMBER, listed(NUMBER)]}
FRACTIONAL: Final[Shape] = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, written(FRACTION)]}
POINT: Final[Shape] = {
    "type": "array",
    "items": [NUMBER, SCORE],
    "additionalItems": False,
    "minItems": PAIR,
    "maxItems": PAIR,
}
POINTS: Final[Shape] = listed(POINT, least=PAIR)
