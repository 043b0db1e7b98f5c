"""The account of everybody as JSON, as it is printed, and as a workbook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields

from service.actions.accountability import Account, Asked
from service.core.cases.accountability import Count, Figure, PersonAccount, RoleAccount, Shown
from service.core.people import Role
from service.web import forms
from service.web.api.sheets.saying import Saying
from service.web.printing.pages import page
from service.web.printing.paper import Block, Column, Heading, Paper, Sentence, Style, Table, Terms
from service.web.printing.workbooks import Book, Field, Leaf, Value, workbook
from service.web.routes import PREFIX
from service.web.views import Shown as Rendered
from service.web.views import View

_FIGURE = {"enum": [figure.value for figure in Figure]}
_ROLE = {"enum": [role.value for role in Role]}


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """An account in the language of ``saying``."""

    saying: Saying
    of: Account


def _timeline(shown: Shown) -> str:
    return f"{PREFIX}/applications/{shown.application_id}/timeline"


class PeriodForm(forms.Form):
    """From one day to another, both included."""

    makes = Asked
    neutral: ClassVar[Mapping[str, object]] = {}

    from_ = forms.Day(
        data_key="from",
        attribute="from_on",
        metadata={"description": "起日 · the first day; held is the first of the year", "name": "from"},
    )
    to = forms.Day(attribute="to_on", metadata={"description": "止日 · the last day; held is today"})


class EntryLinkView(View):
    """The ledger entry that shows something, and where the timeline with it is read."""

    event_id = fields.Integer(required=True)
    subject = fields.Function(
        lambda shown: {"kind": shown.subject_kind, "id": shown.subject_id},
        required=True,
        metadata={
            "type": "object",
            "required": ["kind", "id"],
            "properties": {"kind": {"type": "string"}, "id": {"type": "string"}},
        },
    )
    rev = fields.Integer(required=True)
    type = fields.String(required=True)
    number = fields.String(required=True, metadata={"description": "The number of the case."})
    timeline = fields.Function(_timeline, required=True, metadata={"type": "string", "format": "uri-reference"})


class CountView(View):
    """How often something is or was, and the entries that show it."""

    figure = fields.String(required=True, metadata=_FIGURE)
    count = fields.Function(lambda count: len(count.shown), required=True, metadata={"type": "integer"})
    entries = fields.List(fields.Nested(EntryLinkView), attribute="shown", required=True)


class RoleAccountView(View):
    """What all who hold a role answer for together."""

    role = fields.String(required=True, metadata=_ROLE)
    counts = fields.List(fields.Nested(CountView), required=True)


class PersonAccountView(View):
    """What a person answers for."""

    id = fields.UUID(attribute="holder.id", required=True)
    name = fields.String(attribute="holder.name", required=True)
    department = fields.String(attribute="holder.department", required=True, allow_none=True)
    roles = fields.Function(
        lambda account: sorted(role.value for role in account.holder.roles),
        required=True,
        metadata={"type": "array", "items": {"type": "string", **_ROLE}},
    )
    counts = fields.List(fields.Nested(CountView), required=True)


class AccountView(View):
    """Who answers for what: what waits on the day it is given, and what was done from one day to another."""

    class Meta(View.Meta):
        """Members whose names are no names of Python."""

        include: ClassVar[dict[str, Any]] = {
            "from": fields.Date(attribute="of.period.from_on", required=True),
            "to": fields.Date(attribute="of.period.to_on", required=True),
        }

    on = fields.Date(attribute="of.on", required=True)
    roles = fields.List(fields.Nested(RoleAccountView), attribute="of.accounts.roles", required=True)
    people = fields.List(fields.Nested(PersonAccountView), attribute="of.accounts.people", required=True)


def print_page(account: ToldAccount, spoken: str) -> Rendered:
    """Write the account as a page, A4 across."""
    del spoken
    return page(paper(account))


def paper(account: ToldAccount) -> Paper:
    """Lay the account out: figures first, then what shows them."""
    saying = account.saying
    return Paper(saying.language, saying.words["account_title"], tuple(_blocks(account)), landscape=True)


def book(account: ToldAccount, spoken: str) -> Rendered:
    """Write the account as a workbook: a line an entry."""
    words = account.saying.words
    names = (("who", 24), ("roles", 24), ("figure", 30), ("number", 14), ("entry", 26), ("event_id", 12), ("rev", 8))
    columns = tuple(Field(words[f"column_{name}"], width) for name, width in names)
    rows = tuple(_rows(account))
    return workbook(Book(spoken, words["account_title"], (Leaf(words["account_leaf"], columns, rows, 1),)))


def _rows(account: ToldAccount) -> Iterator[tuple[Value, ...]]:
    saying = account.saying
    for one in account.of.accounts.people:
        for count in one.counts:
            for shown in count.shown:
                entry = saying.known(shown.type, shown.type)
                said = (saying.words[f"figure_{count.figure}"], shown.number, entry, shown.event_id, shown.rev)
                yield (one.holder.name, _roles(saying, one), *said)


def _blocks(account: ToldAccount) -> Iterator[Block]:
    saying, period = account.saying, account.of.period
    yield Terms(
        (
            (saying.words["on"], saying.day(account.of.on)),
            (
                saying.words["period"],
                saying.say("days", first=saying.day(period.from_on), last=saying.day(period.to_on)),
            ),
        )
    )
    yield Heading(saying.words["by_role"])
    yield _table(saying, "role", tuple(_of_role(saying, one) for one in account.of.accounts.roles))
    yield Heading(saying.words["by_person"])
    yield _table(saying, "who", tuple(_of_person(saying, one) for one in account.of.accounts.people))
    yield Sentence(saying.words["account_note"], Style.NOTE)


def _table(saying: Saying, first: str, rows: tuple[tuple[str, ...], ...]) -> Table:
    figures = tuple(Column(saying.words[f"figure_{figure}"], 7, figures=True) for figure in Figure)
    return Table((Column(saying.words[f"column_{first}"], 16), *figures), rows, saying.words["nobody"])


def _of_role(saying: Saying, one: RoleAccount) -> tuple[str, ...]:
    return (saying.words[f"role_{one.role}"], *_figures(one.counts))


def _of_person(saying: Saying, one: PersonAccount) -> tuple[str, ...]:
    told = [one.holder.name, *filter(None, [one.holder.department]), _roles(saying, one)]
    return ("\n".join(told), *_figures(one.counts))


def _roles(saying: Saying, one: PersonAccount) -> str:
    return saying.joined([saying.words[f"role_{role}"] for role in Role if role in one.holder.roles])


def _figures(counts: tuple[Count, ...]) -> Iterator[str]:
    """Write every figure; nothing where somebody has no part in it."""
    found = {count.figure: len(count.shown) for count in counts}
    yield from (str(found[figure]) if figure in found else "" for figure in Figure)
