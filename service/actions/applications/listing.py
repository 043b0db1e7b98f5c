"""All cases that a query finds, with their facts, as they stand at one moment."""

from dataclasses import dataclass, replace
from typing import Final

from service.actions import rulebooks
from service.actions.applications.facts import stored_facts
from service.actions.applications.find import LARGEST_PAGE, Query, find
from service.core.errors import Flaw, InvalidError
from service.core.rules.model import Rulebook
from service.core.values import Json
from service.db.applications import ApplicationRow
from service.work import Work

MOST_LISTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Item:
    """A case and its facts, as they were given."""

    row: ApplicationRow
    facts: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Listing:
    """The edition in force, and the cases found, in order."""

    rulebook: Rulebook
    items: tuple[Item, ...]


def everything(work: Work, query: Query) -> Listing:
    """List all cases in sight of the actor that a query finds, whatever its page.

    Raises ``InvalidError`` if there are more than ``MOST_LISTED``, and what ``find`` raises.
    """
    rows: list[ApplicationRow] = []
    wanted: Query | None = replace(query, cursor=None, limit=LARGEST_PAGE)
    while wanted is not None:
        page = find(work, wanted)
        rows += page.items
        if len(rows) > MOST_LISTED or (len(rows) == MOST_LISTED and page.next_cursor is not None):
            raise InvalidError((Flaw("", "listing_count", {"most": MOST_LISTED}),))
        wanted = None if page.next_cursor is None else replace(wanted, cursor=page.next_cursor)
    rulebook = rulebooks.in_force(work, work.today).rulebook
    return Listing(rulebook, tuple(Item(row, stored_facts(row.facts)) for row in rows))
