"""Pre-checks: facts are scored by the edition in force, and nothing is stored."""

from service.actions import rulebooks
from service.core.people import Permission
from service.core.values import Json
from service.work import Work


def assess(work: Work, raw: dict[str, Json], language: str) -> str:
    """Score raw facts and give the report's JSON text in ``zh`` or ``en``. Raises ``InvalidError`` with every flaw."""
    work.actor.require(Permission.ASSESS)
    engine = rulebooks.in_force(work, work.today)
    return engine.report(engine.assess(engine.read(raw)), language)
