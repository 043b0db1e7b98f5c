"""Section ``bylaws``: how a review meeting votes. Its shape is checked; the values are kept as written."""

import re
from collections.abc import Mapping

from service.core.rules.model import Level
from service.core.rules.reading import keys
from service.core.rules.reading.collect import Faults, shortened
from service.core.rules.reading.entries import Entry, each
from service.core.rules.reading.nodes import Node, Table
from service.core.rules.reading.plain import plain
from service.core.rules.reading.scalars import boolean, kind, label, number, one_of, text
from service.core.rules.voting import ShareOf, Tie

FRACTION = re.compile(r"([0-9]{1,4})/([1-9][0-9]{0,3})", re.ASCII)


def read_bylaws(node: Node | None, faults: Faults) -> Mapping[str, object]:
    """Read the bylaws; an empty table says that there are none."""
    if node is None or (isinstance(node, Table) and not node.entries):
        return {}
    entry = Entry(node, faults, *keys.BYLAWS)
    for key in ("oppose_is_veto", "abstentions_count_as_present"):
        entry.get(key, boolean)
    entry.get("tie", one_of(Tie))
    entry.get("seats", _seats)
    entry.get("override", _override)
    for key in ("quorum", "pass"):
        entry.get(key, _share)
    found = plain(node, faults)
    return found if isinstance(found, dict) else {}


def _seats(node: Node, faults: Faults) -> None:
    entry = Entry(node, faults, *keys.SEATS)
    roles = entry.get("voting_roles", each(label))
    if roles is not None and (not roles or len(set(roles)) < len(roles)):
        faults.form(entry.at("voting_roles"), "roles_distinct")


def _override(node: Node, faults: Faults) -> None:
    entry = Entry(node, faults, *keys.OVERRIDE)
    entry.get("needs", _share)
    entry.get("reason_required", boolean)
    entry.get("forbidden_for_levels", each(one_of(Level)))


def _share(node: Node, faults: Faults) -> None:
    entry = Entry(node, faults, *keys.SHARE)
    entry.get("of", one_of(ShareOf))
    given = [key for key in keys.SHARE_OF if key in entry]
    if entry.lacks(*keys.SHARE_OF):
        entry.require("at_least")
    if len(given) > 1:
        faults.form(entry.key_at("more_than"), "share_twice")
    for key in given:
        entry.get(key, _fraction)


def _fraction(node: Node, faults: Faults) -> None:
    """Look at a share written ``2/3``, or as a number from 0 to 1."""
    if kind(node) == "number":
        value = number(node, faults)
        if value is not None and not 0 <= value <= 1:
            faults.form(node.place, "fraction_form", found=value)
        return
    written = text(node, faults)
    match = None if written is None else FRACTION.fullmatch(written)
    if written is not None and (match is None or int(match[1]) > int(match[2])):
        faults.form(node.place, "fraction_form", found=shortened(written))
