"""The entries of the ledger for who may read them: by number as the tree has them, by what they tell, one by one."""

from service.actions.entries.handed_over import leading_on, proven_entry
from service.actions.entries.looked_up import LookedUp, look_up
from service.actions.entries.reading import Entry, Wanted, bundle, find, in_sight
from service.actions.entries.seeking import EVERY_TYPE, Found, Sought, Told, seek

__all__ = [
    "EVERY_TYPE",
    "Entry",
    "Found",
    "LookedUp",
    "Sought",
    "Told",
    "Wanted",
    "bundle",
    "find",
    "in_sight",
    "leading_on",
    "look_up",
    "proven_entry",
    "seek",
]
