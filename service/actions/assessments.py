"""Pre-checks: facts are scored by the edition in force, and nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.actions import rulebooks, waiving
from service.actions.applications.cases import seen
from service.actions.applications.facts import given_facts
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.core.rules.engine import Engine
from service.core.rules.waiving import NOTHING
from service.core.values import Json
from service.work import Work


@dataclass(frozen=True, slots=True)
class PreCheck:
    """A pre-check of facts that may still be wrong: the report on those that are not, and every flaw of the others.

    ``asked`` names the facts that are asked, or may be. Flaws point below ``/facts``.
    """

    engine: Engine
    report: str
    asked: frozenset[str]
    flaws: tuple[Flaw, ...]


def precheck(work: Work, raw: dict[str, Json], language: str, case_id: UUID | None = None) -> PreCheck:
    """Score the facts that are sound, as ``assess`` does, and say what else is known of all of them."""
    work.actor.require(Permission.ASSESS)
    given = given_facts(rulebooks.in_force(work, work.today), raw)
    report = given.engine.explain(given.facts, language, _waived(work, case_id))
    return PreCheck(given.engine, report, given.engine.asked(given.facts), given.flaws)


def assess(work: Work, raw: dict[str, Json], language: str, case_id: UUID | None = None) -> str:
    """Score raw facts and give the report's JSON text in ``zh`` or ``en``. Raises ``InvalidError`` with every flaw.

    With ``case_id`` the gates waived for that case today are waived. Raises ``NotFoundError``.
    """
    work.actor.require(Permission.ASSESS)
    return _report(rulebooks.in_force(work, work.today), raw, language, _waived(work, case_id))


def assess_each(
    work: Work, raws: Sequence[Json], language: str, case_id: UUID | None = None
) -> list[str | InvalidError]:
    """Score many by one edition: for each, in order, the report's JSON text, or the error with every flaw of it."""
    work.actor.require(Permission.ASSESS)
    engine, waived = rulebooks.in_force(work, work.today), _waived(work, case_id)
    return [_report_or_error(engine, raw, language, waived) for raw in raws]


def _waived(work: Work, case_id: UUID | None) -> frozenset[str]:
    return NOTHING if case_id is None else waiving.waived(work, seen(work, case_id).id, work.today)


def _report_or_error(engine: Engine, raw: Json, language: str, waived: frozenset[str]) -> str | InvalidError:
    if not isinstance(raw, dict):
        return InvalidError((Flaw("", "member_type", {"type": "object"}),))
    try:
        return _report(engine, raw, language, waived)
    except InvalidError as error:
        return error


def _report(engine: Engine, raw: dict[str, Json], language: str, waived: frozenset[str]) -> str:
    return engine.explain(engine.read(raw), language, waived)
