"""Who answers for what: what waits for whom, what is overdue, what was done in a time, and the entries that show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from service.actions.accountability import Account, Asked, account
from service.core.cases.accountability import Count, Figure, PersonAccount, RoleAccount, Shown
from service.core.errors import InvalidError
from service.core.people import Permission, Role
from service.db.ledger import LedgerLeaf
from service.web.api.sheets import accountability as accounting
from service.web.api.sheets.accountability import PeriodForm, ToldAccount
from service.web.ui import home
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.rendering import filled
from service.web.ui.voice import Voice, voice
from service.work import Work

# Figures that tell of something late; all others wait, or were done.
LATE: Final = frozenset({Figure.OPINIONS_OVERDUE, Figure.OPINIONS_LATE})

# So many places are looked up in one statement.
_AT_ONCE: Final = 1_000

pages = Pages()

PAGE: Final = Page(
    name="accountability",
    path="/accountability",
    permission=Permission.READ_ACCOUNTABILITY,
    template="ledger_accountability.html",
    query=PeriodForm(),
    in_navigation=True,
    under=home.PAGE,
)
_BOOK: Final = Page(
    name="accountability_book",
    path="/accountability/workbook",
    permission=Permission.READ_ACCOUNTABILITY,
    template="problem.html",
    query=PeriodForm(),
    under=PAGE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in words, how often, whether that is late, and the entries that show it with their numbers."""

    label: str
    count: int
    is_late: bool
    shown: tuple[tuple[Shown, str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Answering:
    """Whoever answers: their name, what else is said of them, and the figures that are not nought."""

    name: str
    more: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Figures of roles: the heads of the columns, and a row a figure with a cell a role."""

    columns: tuple[str | tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@pages.page(PAGE)
def read_account(call: PageCall[Asked]) -> Shows:
    """Show everybody's account: those for whom something waits or who did something, and then all others."""
    speaks = voice(call.spoken)
    refused: Mapping[str, object] = {}
    try:
        told = account(call.work, call.given)
    except InvalidError as error:
        told, refused = account(call.work, Asked()), {"form": filled(error, call.spoken)}
    places = _places(call.work, told)
    roles = [_role(one, speaks, places) for one in told.accounts.roles]
    people = [_person(one, speaks, places) for one in told.accounts.people]
    return {
        "account": told,
        "from_on": call.given.from_on or told.period.from_on,
        "to_on": call.given.to_on or told.period.to_on,
        "matrix": _matrix(told.accounts.roles, speaks),
        "roles": [one for one in roles if one.lines],
        "people": [one for one in people if one.lines],
        "others": speaks.joined([one.name for one in people if not one.lines]),
        **refused,
    }


@pages.page(_BOOK)
def take_book(call: PageCall[Asked]) -> Shows:
    """Give the same out as a workbook, a line an entry."""
    told = ToldAccount(voice(call.spoken), account(call.work, call.given))
    return accounting.book(told, call.spoken)


def _places(work: Work, told: Account) -> dict[int, int]:
    """Give the numbers in the tree of the entries that show something, by those the database gave them."""
    everybody: Iterable[RoleAccount | PersonAccount] = (*told.accounts.roles, *told.accounts.people)
    shown = sorted({entry.event_id for one in everybody for count in one.counts for entry in count.shown})
    found: dict[int, int] = {}
    for start in range(0, len(shown), _AT_ONCE):
        placed = LedgerLeaf.event_id.in_(shown[start : start + _AT_ONCE])
        found |= {row.event_id: row.seq for row in work.session.execute(select(LedgerLeaf).where(placed)).scalars()}
    return found


def _matrix(roles: Iterable[RoleAccount], speaks: Voice) -> Matrix:
    """Lay out every figure of every role; nothing where a role has no part in it."""
    found = [(one.role, {count.figure: str(len(count.shown)) for count in one.counts}) for one in roles]
    named = [(speaks.say(f"role_{role}"), "figures") for role, _ in found]
    rows = tuple(
        (speaks.say(f"figure_{figure}"), tuple(cells.get(figure, "") for _, cells in found)) for figure in Figure
    )
    return Matrix((speaks.say("column_figure"), *named), rows)


def _role(one: RoleAccount, speaks: Voice, places: Mapping[int, int]) -> Answering:
    return Answering(speaks.say(f"role_{one.role}"), "", _lines(one.counts, speaks, places))


def _person(one: PersonAccount, speaks: Voice, places: Mapping[int, int]) -> Answering:
    roles = speaks.joined([speaks.say(f"role_{role}") for role in Role if role in one.holder.roles])
    more = speaks.joined([*filter(None, [one.holder.department]), roles])
    return Answering(one.holder.name, more, _lines(one.counts, speaks, places))


def _lines(counts: Iterable[Count], speaks: Voice, places: Mapping[int, int]) -> tuple[Line, ...]:
    return tuple(
        Line(
            label=speaks.say(f"figure_{count.figure}"),
            count=len(count.shown),
            is_late=count.figure in LATE,
            shown=tuple((one, speaks.known(one.type, one.type), places.get(one.event_id)) for one in count.shown),
        )
        for count in counts
        if count.shown
    )
