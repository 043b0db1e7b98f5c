"""The bylaws of the meeting in words, as the differences between editions say them."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction

from service.core.rules.comparison.sections import bylaws
from service.core.rules.comparison.values import Told
from service.web.ui.voice import Voice
from service.words import sections


def told(found: Mapping[str, object], voice: Voice) -> Iterator[tuple[str, str]]:
    """Give everything bylaws say, each with its value; nothing where there are none."""
    words = sections("changes")[voice.language]
    for (key, _), value in bylaws(found):
        yield words[f"bylaws.{key}"], _value(value, voice)


def _value(value: Told, voice: Voice) -> str:
    changes, keys = (sections(name)[voice.language] for name in ("changes", "keys"))
    if isinstance(value, bool):
        return changes["yes" if value else "no"]
    if isinstance(value, tuple):
        return voice.joined([_value(one, voice) for one in value])
    if isinstance(value, StrEnum):
        return keys[f"{type(value).__name__.lower()}.{value.value}"]
    return str(value) if isinstance(value, Fraction) else voice.known(f"role_{value}", str(value))
