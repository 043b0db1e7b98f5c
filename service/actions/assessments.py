"""Pre-checks: facts are scored by the edition in force, and nothing is stored."""

from collections.abc import Sequence

from service.actions import rulebooks
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.core.rules.engine import Engine
from service.core.values import Json
from service.work import Work


def assess(work: Work, raw: dict[str, Json], language: str) -> str:
    """Score raw facts and give the report's JSON text in ``zh`` or ``en``. Raises ``InvalidError`` with every flaw."""
    work.actor.require(Permission.ASSESS)
    return _report(rulebooks.in_force(work, work.today), raw, language)


def assess_each(work: Work, raws: Sequence[Json], language: str) -> list[str | InvalidError]:
    """Score many by one edition: for each, in order, the report's JSON text, or the error with every flaw of it."""
    work.actor.require(Permission.ASSESS)
    engine = rulebooks.in_force(work, work.today)
    return [_report_or_error(engine, raw, language) for raw in raws]


def _report_or_error(engine: Engine, raw: Json, language: str) -> str | InvalidError:
    if not isinstance(raw, dict):
        return InvalidError((Flaw("", "member_type", {"type": "object"}),))
    try:
        return _report(engine, raw, language)
    except InvalidError as error:
        return error


def _report(engine: Engine, raw: dict[str, Json], language: str) -> str:
    return engine.explain(engine.read(raw), language)
