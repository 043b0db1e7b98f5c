"""Opinions of departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.client.answers import Opinion
from service.client.calls import post
from service.client.pages import whole
from service.client.sending import Line


@dataclass(frozen=True, slots=True)
class Opinions:
    """``client.opinions``."""

    line: Line

    def ask(self, application: UUID, department: str, due_on: date | None = None) -> Opinion:
        """Ask a department."""
        asked: dict[str, object] = {"department": department} | ({} if due_on is None else {"due_on": due_on})
        return self.line.ask(Opinion, post(f"{_at(application)}/requests", asked))

    def give(self, application: UUID, stance: str, reason: str, conditions: Sequence[str] = ()) -> Opinion:
        """Speak for your department: ``support``, ``support_with_conditions`` or ``oppose``."""
        given = {"stance": stance, "reason": reason, "conditions": conditions}
        return self.line.ask(Opinion, post(_at(application), given))

    def find(self, application: UUID) -> tuple[Opinion, ...]:
        """Read what departments were asked and said."""
        return whole(self.line, Opinion, _at(application))


def _at(application: UUID) -> str:
    return f"/v1/applications/{application}/opinions"
