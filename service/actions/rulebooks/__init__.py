"""Editions of the rules: released and kept for ever, and the one that is in force on a day."""

from service.actions.rulebooks.comparing import compare
from service.actions.rulebooks.editions import (
    Edition,
    NoRulebookInForceError,
    are_of_people,
    edition,
    find,
    get,
    in_force,
    release,
)
from service.actions.rulebooks.engines import FaultyRulebookError

__all__ = [
    "Edition",
    "FaultyRulebookError",
    "NoRulebookInForceError",
    "are_of_people",
    "compare",
    "edition",
    "find",
    "get",
    "in_force",
    "release",
]
