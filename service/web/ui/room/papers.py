"""The papers of a meeting: its minutes on a page, and minutes and scores as they are printed and filed."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from service.actions.meetings.minutes import minutes
from service.actions.meetings.scores import scores
from service.core.people import Permission
from service.web.api.sheets import minutes as telling_minutes
from service.web.api.sheets import minutes_paper, scores_paper
from service.web.api.sheets import scores as telling_scores
from service.web.ui.meetings import overview
from service.web.ui.meetings.around import MINUTES
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.room.around import around
from service.web.ui.voice import voice
from service.web.views import Shown

pages = Pages()

PAGE: Final = Page(
    name="room_minutes",
    path="/meetings/<uuid:meeting_id>/minutes",
    permission=Permission.READ_MEETINGS,
    template="room_minutes.html",
    under=overview.ONE,
)


def _paper(name: str, path: str) -> Page:
    """Declare a page that gives out a paper."""
    return Page(
        name=f"room_{name}",
        path=f"/meetings/<uuid:meeting_id>/{path}",
        permission=Permission.READ_MEETINGS,
        template="problem.html",
        under=overview.ONE,
    )


@pages.page(PAGE)
def read_minutes(call: PageCall[None], meeting_id: UUID) -> Shows:
    """Show the minutes; a draft until the meeting is closed."""
    speaks = voice(call.spoken)
    found = minutes(call.work, meeting_id)
    paper = minutes_paper.paper(telling_minutes.told(found, speaks))
    return {**around(found.meeting, speaks, MINUTES), "blocks_of": paper.blocks, "mark": paper.mark}


@pages.page(_paper("minutes_print", "minutes/print"))
def print_minutes(call: PageCall[None], meeting_id: UUID) -> Shown:
    """Give the minutes out as they are printed."""
    return minutes_paper.print_page(_minutes(call, meeting_id), call.spoken)


@pages.page(_paper("minutes_file", "minutes.docx"))
def file_minutes(call: PageCall[None], meeting_id: UUID) -> Shown:
    """Give the minutes out as a document."""
    return _kept(minutes_paper.file(_minutes(call, meeting_id), call.spoken), "minutes.docx")


@pages.page(_paper("scores_print", "scores/print"))
def print_scores(call: PageCall[None], meeting_id: UUID) -> Shown:
    """Give the scores out as they are printed."""
    return scores_paper.print_page(_scores(call, meeting_id), call.spoken)


@pages.page(_paper("scores_file", "scores.xlsx"))
def file_scores(call: PageCall[None], meeting_id: UUID) -> Shown:
    """Give the scores out as a workbook."""
    return _kept(scores_paper.book(_scores(call, meeting_id), call.spoken), "scores.xlsx")


def _minutes(call: PageCall[None], meeting_id: UUID) -> telling_minutes.ToldMinutes:
    return telling_minutes.told(minutes(call.work, meeting_id), voice(call.spoken))


def _scores(call: PageCall[None], meeting_id: UUID) -> telling_scores.ToldSheet:
    return telling_scores.told(scores(call.work, meeting_id), voice(call.spoken))


def _kept(shown: Shown, name: str) -> Shown:
    """Let a browser keep it as a file."""
    return replace(shown, headers={**shown.headers, "Content-Disposition": f'attachment; filename="{name}"'})
