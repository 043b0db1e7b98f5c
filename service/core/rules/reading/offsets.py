"""Where a character of a decoded text stands in the file: folded, literal, quoted and plain texts over several lines."""

from service.core.rules.faults import Place
from service.core.rules.reading.nodes import Scalar
from service.core.rules.reading.text import Source


def place_of(source: Source, scalar: Scalar, offset: int) -> Place:
    """Give the place of the character ``offset`` of a scalar's text; its end is the place after the last one."""
    return source.place(scalar.start + offset)
