"""The endpoints of applications."""

from collections.abc import Sequence
from uuid import UUID

from service.actions import applications, evidence, opinions
from service.actions.applications import Case, NewApplication, NewHeader, Page, Query
from service.actions.evidence import Verified
from service.actions.rulebooks import NoRulebookInForceError
from service.core.cases.calendar import NoCalendarError
from service.core.cases.clock import Clock
from service.core.cases.headers import HeaderSettledError
from service.core.cases.reconsidering import ReconsiderationOverError
from service.core.cases.sight import NotYoursError, OwnCaseError
from service.core.cases.states import IllegalMoveError
from service.core.errors import InvalidError, NotFoundError
from service.core.people import Permission
from service.db.applications import AssessmentRow
from service.web import counting
from service.web.api.applications.examples import ACCEPTING, FACTS, HEADER, NEW, REASON
from service.web.api.applications.forms import (
    Accepting,
    AcceptingForm,
    NewApplicationForm,
    NewFacts,
    NewFactsForm,
    NewHeaderForm,
    QueryForm,
    Reason,
    ReasonForm,
    Which,
    WhichForm,
)
from service.web.api.applications.views import (
    ApplicationSummaryView,
    ApplicationView,
    Assessed,
    ClockView,
    Happened,
    Report,
    TimelineEntryView,
    VersionAssessmentView,
    report_of,
)
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Empty, Nothing
from service.web.routes import PREFIX, Routes
from service.web.views import Listed, Paged, Plain, Versioned
from service.words import sections

_ALL = "/applications"
_ONE = f"{_ALL}/<uuid:case_id>"
_APPLICATION = Versioned(ApplicationView(), PREFIX + _ALL)
_REASON = FormBody(ReasonForm(), examples=REASON)
_NOTHING = FormBody(Empty(), optional=True)
_OWN = (IllegalMoveError, NotYoursError)
_OTHERS = (IllegalMoveError, OwnCaseError)
_MORE = {"submit": (InvalidError, NoRulebookInForceError), "reconsider": (ReconsiderationOverError,)}

routes = Routes("applications", ("申报", "Applications"))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.CREATE_CASES,
        title=("提交申报", "Create and submit an application"),
        body=FormBody(NewApplicationForm(), examples=NEW),
        renders=_APPLICATION,
        status=201,
        repeatable=True,
        refuses=(NoRulebookInForceError,),
    )
)
def create_application(call: Call[NewApplication]) -> Case:
    """Store an application and submit it; with `"draft": true` only store it.

    A draft may lack facts, not hold wrong ones.
    """
    row = applications.create(call.work, call.given)
    counting.assessed_and_kept(row.outcome)
    return applications.case(call.work, row)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.READ_CASES,
        title=("查询申报", "Find applications"),
        query=QueryForm(),
        renders=Paged(ApplicationSummaryView()),
    )
)
def find_applications(call: Call[Query]) -> Page[Case]:
    """List the applications you may see, a page at a time. All filters given must hold."""
    found = applications.find(call.work, call.given)
    return Page(applications.cases(call.work, found.items), found.next_cursor)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ONE,
        permission=Permission.READ_CASES,
        title=("查看申报", "Read an application"),
        renders=_APPLICATION,
    )
)
def get_application(call: Call[None], case_id: UUID) -> Case:
    """Read an application as it stands; its ETag is what a change of it needs in If-Match."""
    return applications.case(call.work, applications.get(call.work, case_id))


@routes.endpoint(
    Endpoint(
        method="PUT",
        path=f"{_ONE}/facts",
        permission=Permission.EDIT_CASES,
        title=("修改填报项", "Replace the facts"),
        body=FormBody(NewFactsForm(), examples=FACTS),
        renders=_APPLICATION,
        needs_version=True,
        refuses=(*_OWN, NoRulebookInForceError),
    )
)
def replace_facts(call: Call[NewFacts], case_id: UUID) -> Case:
    """Put new facts in the place of all the old ones of a draft or returned application."""
    return applications.case(call.work, applications.replace_facts(call.work, case_id, call.given.facts))


@routes.endpoint(
    Endpoint(
        method="PUT",
        path=f"{_ONE}/header",
        permission=Permission.EDIT_CASES,
        title=("变更申报单位与项目", "Change applicant and project"),
        body=FormBody(NewHeaderForm(), examples=HEADER),
        renders=_APPLICATION,
        needs_version=True,
        refuses=(NotYoursError, HeaderSettledError),
    )
)
def rename_application(call: Call[NewHeader], case_id: UUID) -> Case:
    """Say anew who applies for what, in a draft that was never submitted."""
    return applications.case(call.work, applications.rename(call.work, case_id, call.given))


def _move(move: str, permission: Permission, title: tuple[str, str], *, owned: bool, reason: bool = False) -> Endpoint:
    return Endpoint(
        method="POST",
        path=f"{_ONE}/{move}",
        permission=permission,
        title=title,
        body=_REASON if reason else _NOTHING,
        renders=_APPLICATION,
        needs_version=True,
        repeatable=True,
        refuses=(*(_OWN if owned else _OTHERS), *_MORE.get(move, ())),
    )


@routes.endpoint(_move("submit", Permission.SUBMIT_CASES, ("提交", "Submit"), owned=True))
def submit_application(call: Call[Nothing], case_id: UUID) -> Case:
    """Submit a draft, or a returned application again, with its facts as they stand; it is assessed at once."""
    row = applications.submit(call.work, case_id)
    counting.assessed_and_kept(row.outcome)
    return applications.case(call.work, row)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/accept",
        permission=Permission.ACCEPT_CASES,
        title=("受理", "Accept for review"),
        body=FormBody(AcceptingForm(), examples=ACCEPTING, optional=True),
        renders=_APPLICATION,
        needs_version=True,
        repeatable=True,
        refuses=(*_OTHERS, NoCalendarError),
    )
)
def accept_application(call: Call[Accepting], case_id: UUID) -> Case:
    """Take a submitted application into review, and ask departments for their opinions if any are named."""
    row = opinions.accept(call.work, case_id, call.given.departments, call.given.due_on)
    return applications.case(call.work, row)


@routes.endpoint(
    _move("return", Permission.RETURN_CASES, ("退回补正", "Return for supplement"), owned=False, reason=True)
)
def return_application(call: Call[Reason], case_id: UUID) -> Case:
    """Send an application back to whoever submitted it, for supplement."""
    return applications.case(call.work, applications.return_(call.work, case_id, call.given.reason))


@routes.endpoint(_move("withdraw", Permission.WITHDRAW_CASES, ("撤回", "Withdraw"), owned=True, reason=True))
def withdraw_application(call: Call[Reason], case_id: UUID) -> Case:
    """Take an undecided application back for good."""
    return applications.case(call.work, applications.withdraw(call.work, case_id, call.given.reason))


@routes.endpoint(
    _move("reconsider", Permission.RECONSIDER_CASES, ("申请复议", "Ask for reconsideration"), owned=True, reason=True)
)
def reconsider_application(call: Call[Reason], case_id: UUID) -> Case:
    """Open a deferred or rejected application again as a draft; the next submission is a new version of it."""
    return applications.case(call.work, applications.reconsider(call.work, case_id, call.given.reason))


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ONE}/assessment",
        permission=Permission.READ_CASES,
        title=("查看评价", "Read the assessment that counts"),
        query=WhichForm(),
        renders=Report(),
        refuses=(NotFoundError,),
    )
)
def get_assessment(call: Call[Which], case_id: UUID) -> AssessmentRow | Verified:
    """Read the assessment of the latest submitted version, byte for byte as it was written then.

    With `verified_only=true` it is worked out now: facts that need a paper and have none that counts today are unknown,
    and the member `verified` says of each of them why.
    """
    if call.given.verified_only:
        return evidence.latest(call.work, case_id)
    return applications.assessment(call.work, case_id)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ONE}/assessments",
        permission=Permission.READ_CASES,
        title=("查看历次评价", "Read every version's assessment"),
        renders=Listed(VersionAssessmentView()),
    )
)
def find_assessments(call: Call[None], case_id: UUID) -> Sequence[Assessed]:
    """Read the assessments of all submitted versions, the first version first."""
    return [report_of(row, call.spoken) for row in applications.assessments(call.work, case_id)]


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ONE}/clock",
        permission=Permission.READ_CASES,
        title=("查看办理时限", "Read the clock"),
        renders=Plain(ClockView()),
        refuses=(NoCalendarError,),
    )
)
def get_clock(call: Call[None], case_id: UUID) -> Clock:
    """Say how many of the working days a review may take are used today, and when it is due.

    The clock stands still while the application is returned, and starts anew when it is reconsidered.
    """
    return applications.clock(call.work, case_id)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ONE}/timeline",
        permission=Permission.READ_CASES,
        title=("查看经过", "Read the timeline"),
        renders=Listed(TimelineEntryView()),
    )
)
def get_timeline(call: Call[None], case_id: UUID) -> Sequence[Happened]:
    """Say who did what, when and why, oldest first.

    Opinions and recusals are shown to those who judge the application, votes to those of its meeting once it is
    decided. All others are told of a meeting only where it led.
    """
    labels = sections("domain")[call.spoken]
    return [
        Happened(
            rev=entry.rev,
            type=entry.type,
            label=labels.get(entry.type, entry.type),
            at=entry.at,
            actor={"ref": entry.actor_ref, "name": entry.actor_name},
            data=entry.data,
        )
        for entry in applications.timeline(call.work, case_id)
    ]
