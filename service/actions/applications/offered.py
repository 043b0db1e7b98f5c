"""A case as it is shown to somebody: the row, and the moves that are open to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.actions.applications.cases import standings
from service.core.cases.options import open_to
from service.db.applications import ApplicationRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Case:
    """A case, and what whoever asks may do with it now."""

    row: ApplicationRow
    moves: tuple[str, ...]

    @property
    def id(self) -> UUID:
        """Its identifier."""
        return self.row.id

    @property
    def version(self) -> int:
        """What a change of it needs to know."""
        return self.row.version


def case(work: Work, row: ApplicationRow) -> Case:
    """Say of a case in sight what the actor may do with it."""
    (found,) = cases(work, (row,))
    return found


def cases(work: Work, rows: Sequence[ApplicationRow]) -> tuple[Case, ...]:
    """Say of each of several cases in sight what the actor may do with it."""
    found = standings(work, rows)
    return tuple(Case(row, open_to(work.actor, found[row.id])) for row in rows)
