"""Proposing an edition of the rules."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import select

from service.actions.identifiers import new_id
from service.actions.ledger import record
from service.actions.proposals.loading import person
from service.actions.proposals.sound import Examined, examined, examined_of
from service.actions.rulebooks.editions import described, hold
from service.core.cases.headers import prose_flaws
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.core.rules.model import Rulebook
from service.core.rules.proposals import AlreadyProposedError, AlreadyReleasedError, ProposalState
from service.db.proposals import RulebookProposalRow
from service.db.rulebooks import RulebookRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class NewProposal:
    """An edition as proposed: the text of the rules file, and why it should be released."""

    source: str
    note: str


def look_at(work: Work, new: NewProposal) -> Callable[[], Examined] | None:
    """Give what is done ahead of proposing a file, without any database; None for whoever may not propose."""
    if not work.actor.may(Permission.PROPOSE_RULES):
        return None
    return partial(examined, new.source.encode())


def propose(work: Work, new: NewProposal, ready: Examined | None = None) -> RulebookProposalRow:
    """Propose a rules file as an edition, and record it. Nothing counts of it until somebody else releases it.

    ``ready`` is what came of looking at the file ahead.

    Refused in this order: not granted to the actor, every flaw at once (``FaultyRulebookError``, ``InvalidError``),
    bytes that are an edition already, bytes that are proposed already.
    """
    work.actor.require(Permission.PROPOSE_RULES)
    author = person(work, Permission.PROPOSE_RULES)
    note = new.note.strip()
    rulebook = _sound(examined_of(new.source.encode(), ready), note)
    hold(work)
    _require_new(work, rulebook)
    return _store(work, rulebook, note, author)


def _sound(file: Examined, note: str) -> Rulebook:
    unsaid = prose_flaws("/note", note)
    rulebook = file.sound(unsaid)
    if unsaid:
        raise InvalidError(unsaid)
    return rulebook


def _require_new(work: Work, rulebook: Rulebook) -> None:
    if work.session.get(RulebookRow, rulebook.sha256) is not None:
        raise AlreadyReleasedError(edition=rulebook.edition, sha256=rulebook.sha256)
    stands = select(RulebookProposalRow.id).where(
        RulebookProposalRow.sha256 == rulebook.sha256, RulebookProposalRow.state == ProposalState.PROPOSED.value
    )
    found = work.session.scalars(stands).first()
    if found is not None:
        raise AlreadyProposedError(id=str(found))


def _store(work: Work, rulebook: Rulebook, note: str, author: UUID) -> RulebookProposalRow:
    proposal_id = new_id(work)
    data: dict[str, Plain] = {"proposal": str(proposal_id), **described(rulebook), "note": note, "version": 1}
    row = RulebookProposalRow(
        id=proposal_id,
        sha256=rulebook.sha256,
        rulebook_id=rulebook.id,
        edition=rulebook.edition,
        in_force_from=rulebook.in_force_from,
        source=rulebook.source,
        note=note,
        proposed_by=author,
        proposed_at=work.now,
        state=ProposalState.PROPOSED.value,
        version=1,
        event_id=record(work, "rulebook.proposed", "rulebook", rulebook.sha256, data),
    )
    work.session.add(row)
    work.session.flush()
    return row
