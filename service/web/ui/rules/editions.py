"""The pages of editions: the one in force as a document, all of them, and what is different between two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from service.actions import proposals, rulebooks
from service.actions.applications.story import names
from service.actions.proposals import Query
from service.actions.rulebooks import Edition, NoRulebookInForceError
from service.core.people import Permission, person_ref
from service.core.rules.compare import Comparison
from service.db.proposals import RulebookProposalRow
from service.web.api.rulebooks.forms import ProposalQueryForm
from service.web.api.rulebooks.views import file
from service.web.forms import Form, Text
from service.web.ui import home
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.rules.document import document
from service.web.ui.rules.reader import Reader
from service.web.ui.voice import Voice, voice
from service.web.views import Shown
from service.words.changes import Telling
from service.work import Work

pages = Pages()

RULES = Page(
    name="rules",
    path="/rules",
    permission=Permission.READ_RULES,
    template="rules_edition.html",
    in_navigation=True,
    under=home.PAGE,
)
LIST = Page(
    name="rule_editions",
    path="/rules/editions",
    permission=Permission.READ_RULES,
    template="rules_editions.html",
    query=ProposalQueryForm(),
    under=RULES,
)
ONE = Page(
    name="rulebook",
    path="/rules/editions/<string:sha256>",
    permission=Permission.READ_RULES,
    template="rules_edition.html",
    under=LIST,
)
FILE = Page(
    name="rule_file",
    path=f"{ONE.path}/file",
    permission=Permission.READ_RULES,
    template="rules_edition.html",
    under=ONE,
)


@dataclass(frozen=True, slots=True)
class From:
    """The edition that another is compared with; empty for the one that began before it."""

    sha256: str


class FromForm(Form):
    """With which edition to compare."""

    makes = From
    neutral: ClassVar[Mapping[str, object]] = {"sha256": ""}

    sha256 = Text(data_key="from")


DIFFERENCES = Page(
    name="rule_differences",
    path=f"{ONE.path}/differences",
    permission=Permission.READ_RULES,
    template="rules_differences.html",
    query=FromForm(),
    under=ONE,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition in the list: how it stands, who released it, and the one that began before it."""

    edition: Edition
    state: str
    releaser: str
    earlier: Edition | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal in the list, and who made it."""

    row: RulebookProposalRow
    author: str


@pages.page(RULES)
def read_rules(call: PageCall[None]) -> Shows:
    """Show the edition in force today, from top to bottom."""
    try:
        sha256 = rulebooks.in_force(call.work, call.work.today).rulebook.sha256
    except NoRulebookInForceError:
        return {"edition": None}
    return _shown(call, sha256)


@pages.page(ONE)
def read_edition(call: PageCall[None], sha256: str) -> Shows:
    """Show any edition as the same document."""
    return _shown(call, sha256)


@pages.page(FILE)
def take_file(call: PageCall[None], sha256: str) -> Shown:
    """Give the rules file, byte for byte."""
    return file(rulebooks.get(call.work, sha256), call.spoken)


@pages.page(LIST)
def find_editions(call: PageCall[Query]) -> Shows:
    """List every edition, and every proposal a page at a time."""
    work, speaks = call.work, voice(call.spoken)
    editions, found = rulebooks.find(work), proposals.find(work, call.given)
    people = names_of(work, [one.released_by for one in editions] + [row.proposed_by for row in found.items])
    earlier = [*editions[1:], None]
    return {
        "editions": [
            Listed(one, state(one, work.today), _releaser(one, people, speaks), before)
            for one, before in zip(editions, earlier, strict=True)
        ],
        "proposals": [Proposed(row, people[row.proposed_by]) for row in found.items],
        "cursor": call.given.cursor,
        "next_cursor": found.next_cursor,
        "may_propose": work.actor.may(Permission.PROPOSE_RULES),
    }


@pages.page(DIFFERENCES)
def compare_editions(call: PageCall[From], sha256: str) -> Shows:
    """Say in words what is different in an edition from another: the one that began before it, or any that is named."""
    work, speaks = call.work, voice(call.spoken)
    edition = rulebooks.get(work, sha256)
    found = compared(work, sha256, call.given.sha256)
    return {
        "title": speaks.say("rules.differences_of", edition=edition.row.edition),
        "edition": edition,
        "others": [one for one in rulebooks.find(work) if one.row.sha256 != sha256],
        "telling": None if found is None else Telling(found, call.spoken),
    }


def compared(work: Work, sha256: str, before: str = "") -> Comparison | None:
    """Compare an edition with another, or with the one that began before it; None where there is no other."""
    other = before or _before(rulebooks.find(work), sha256)
    return rulebooks.compare(work, other, sha256) if other else None


def state(edition: Edition, today: date) -> str:
    """Say how an edition stands: in force, coming, or over."""
    if edition.in_force:
        return "in_force"
    return "coming" if edition.row.in_force_from > today else "over"


def _shown(call: PageCall[None], sha256: str) -> dict[str, object]:
    work, speaks = call.work, voice(call.spoken)
    edition = rulebooks.get(work, sha256)
    rulebook = rulebooks.edition(work, sha256).rulebook
    people = names_of(work, [edition.released_by])
    return {
        "title": speaks.say("rules.titled", title=speaks.label(rulebook.title), edition=rulebook.edition),
        "edition": edition,
        "state": state(edition, work.today),
        "releaser": _releaser(edition, people, speaks),
        "reader": Reader(rulebook, speaks),
        "earlier": len(rulebooks.find(work)) > 1,
        "document": document(rulebook, speaks),
    }


def _before(editions: Sequence[Edition], sha256: str) -> str:
    """Give the edition that began before another, else the one that began after it; empty where there is no other."""
    hashes = [one.row.sha256 for one in editions]
    at = hashes.index(sha256)
    return next(iter(hashes[at + 1 :] or hashes[:at][-1:]), "")


def names_of(work: Work, ids: Sequence[UUID | None]) -> dict[UUID, str]:
    """Say what people are called."""
    known = {one: person_ref(one) for one in ids if one is not None}
    called = names(work, known.values())
    return {one: called.get(ref, ref) for one, ref in known.items()}


def _releaser(edition: Edition, people: Mapping[UUID, str], speaks: Voice) -> str:
    return speaks.say("rules.machine") if edition.released_by is None else people[edition.released_by]
