"""What somebody may do with a case as it stands: the moves that are theirs to make, and no others."""

from service.core.cases.sight import Standing, sight
from service.core.cases.states import EDITABLE, MOVES, RECONSIDER, Move, Whose
from service.core.people import Actor, Permission

_EDIT = "replace_facts"


def open_to(actor: Actor, standing: Standing) -> tuple[str, ...]:
    """Name the moves that start where a case stands, are granted to the actor, and are made on such a case.

    In the order of the table of moves; facts may be replaced where editable. Whoever is recused judges nothing.
    """
    edits = standing.state in EDITABLE and _may(actor, standing, Permission.EDIT_CASES, Whose.OWN)
    moves = (name for name, move in MOVES.items() if _opens(actor, standing, move))
    return (*((_EDIT,) if edits else ()), *moves)


def _opens(actor: Actor, standing: Standing, move: Move) -> bool:
    in_time = not (standing.closed and move.name == RECONSIDER)
    return in_time and standing.state in move.from_states and _may(actor, standing, move.permission, move.whose)


def _may(actor: Actor, standing: Standing, permission: Permission, whose: Whose) -> bool:
    if whose is Whose.OWN:
        return actor.person_id == standing.owner and actor.may(permission)
    return actor.may(permission) and sight(actor).judges(standing)
