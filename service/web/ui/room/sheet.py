"""The ranked sheet as the members see it, explained, with what the cases make of the zone."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from service.actions import meetings
from service.actions.meetings.scores import ScoreLine, Sheet, scores
from service.core.people import Permission
from service.core.values import read_json
from service.web.api.sheets import scores as telling
from service.web.api.sheets.scores import ToldLine
from service.web.api.sheets.scores_paper import category_said, margins_said, opinions_said
from service.web.ui.meetings import overview
from service.web.ui.meetings.around import SHEET
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.room.around import around
from service.web.ui.room.effects import effects
from service.web.ui.voice import Voice, voice

pages = Pages()

PAGE: Final = Page(
    name="room_sheet",
    path="/meetings/<uuid:meeting_id>/sheet",
    permission=Permission.READ_MEETINGS,
    template="room_sheet.html",
    under=overview.ONE,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A case in its rank, in words; ``outcome`` is what was decided."""

    line: ToldLine
    category: str
    reasons: tuple[str, ...]
    margins: tuple[str, ...]
    opinions: tuple[str, ...]
    outcome: str | None


@pages.page(PAGE)
def read_sheet(call: PageCall[None], meeting_id: UUID) -> Shows:
    """Show the cases of a meeting in their rank, and what they make of the zone."""
    work, speaks = call.work, voice(call.spoken)
    found = scores(work, meeting_id)
    told = telling.told(found, speaks)
    whole = found.portfolio
    decided = {on.item.n: on.decision.outcome for on in meetings.items(work, meeting_id) if on.decision is not None}
    return {
        **around(found.meeting, speaks, SHEET),
        "sheet": told,
        "cases": _cases(found, told.items, decided, speaks),
        "effects": None if whole is None else effects(whole, told.items, speaks),
        "unvoted": meetings.unvoted(work, meeting_id),
    }


def _cases(found: Sheet, told: tuple[ToldLine, ...], decided: dict[int, str], speaks: Voice) -> list[Case]:
    return [
        Case(
            line=line,
            category=category_said(speaks, line),
            reasons=_reasons(scored, speaks),
            margins=tuple(margins_said(speaks, line)),
            opinions=tuple(opinions_said(speaks, line.opinions).splitlines()),
            outcome=decided.get(line.n),
        )
        for scored, line in zip(found.lines, told, strict=True)
    ]


def _reasons(scored: ScoreLine, speaks: Voice) -> tuple[str, ...]:
    """Say why the verified outcome is not the best one."""
    item = scored.item
    report: Any = read_json({"zh": item.verified_zh, "en": item.verified_en}[speaks.language])
    return tuple(reason["because"] for reason in report["reasons"])
