"""The pages of a case beside its first one: its criteria, its versions, and the papers that are made of it."""

from typing import Final
from uuid import UUID

from service.actions import applications, bundles
from service.actions.letters import decision_letter
from service.core.people import Permission
from service.web.api.bundles import BundleFile
from service.web.api.sheets import letters
from service.web.process import runtime
from service.web.ui import cases
from service.web.ui.case_around import CRITERIA, VERSIONS, around, scorecard
from service.web.ui.case_versions import told
from service.web.ui.pages import Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice
from service.web.views import Shown

pages = Pages()

_CRITERIA: Final = Page(
    name="case_criteria",
    path="/cases/<uuid:case_id>/criteria",
    permission=Permission.READ_CASES,
    template="case_criteria.html",
    under=cases.ONE,
)
_VERSIONS: Final = Page(
    name="case_versions",
    path="/cases/<uuid:case_id>/versions",
    permission=Permission.READ_CASES,
    template="case_versions.html",
    under=cases.ONE,
)
_LETTER: Final = Page(
    name="case_letter",
    path="/cases/<uuid:case_id>/letter",
    permission=Permission.READ_CASES,
    template="problem.html",
    under=cases.ONE,
)


@pages.page(_CRITERIA)
def read_criteria(call: PageCall[None], case_id: UUID) -> Shows:
    """Show every criterion, drawn against its scale."""
    row, speaks = applications.get(call.work, case_id), voice(call.spoken)
    card = scorecard(call.work, row, speaks)
    return {**around(call.work, row, speaks, CRITERIA), "card": card, "groups": [] if card is None else card.groups()}


@pages.page(_VERSIONS)
def read_versions(call: PageCall[None], case_id: UUID) -> Shows:
    """Show every submitted version, the last one first, with what changed in it."""
    row, speaks = applications.get(call.work, case_id), voice(call.spoken)
    return {**around(call.work, row, speaks, VERSIONS), "versions": told(call.work, case_id, speaks)}


@pages.page(_LETTER)
def read_letter(call: PageCall[None], case_id: UUID) -> Shows:
    """Give the decision letter out, as it is printed."""
    return letters.print_page(decision_letter(call.work, case_id, call.spoken), call.spoken)


@cases.pages.submission(
    Submission(
        name="take_bundle", path="/cases/<uuid:case_id>/bundle", permission=Permission.READ_BUNDLES, page=cases.ONE
    )
)
def take_bundle(call: PageCall[None], case_id: UUID) -> Shown:
    """Give the bundle out; that it was taken is recorded, so that it is sent for and never only followed to."""
    asked = bundles.read(call.work, case_id, None, signs=runtime().signer is not None)
    return BundleFile()(asked, call.spoken)
