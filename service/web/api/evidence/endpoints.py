"""The endpoints of papers."""

from uuid import UUID

from service.actions import evidence
from service.actions.evidence import Content
from service.blobs import DamagedBlobError, StoreUnavailableError
from service.core.cases.evidence import Claims, PapersClosedError, TooManyPapersError
from service.core.cases.sight import NotYoursError, OwnCaseError
from service.core.people import Permission
from service.db.evidence import EvidenceRow
from service.web.api.applications.examples import REASON
from service.web.api.applications.forms import Reason, ReasonForm
from service.web.api.evidence.examples import ACCEPTED, PAPER
from service.web.api.evidence.forms import ClaimsForm, PaperRulingForm, Ruling
from service.web.api.evidence.views import Attachment, Listed, PaperShown, PapersView, listed
from service.web.endpoints import Call, Endpoint, FileBody, FormBody
from service.web.routes import Routes
from service.web.views import Plain

_ALL = "/applications/<uuid:case_id>/evidence"
_ONE = f"{_ALL}/<int:n>"

routes = Routes("evidence", ("佐证材料", "Evidence"))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.ATTACH_EVIDENCE,
        title=("提交佐证材料", "Attach a paper"),
        body=FileBody(ClaimsForm(), evidence.require_attaching, ("file", "grade", "facts"), examples=PAPER),
        renders=PaperShown(),
        status=201,
        repeatable=True,
        refuses=(NotYoursError, PapersClosedError, TooManyPapersError, StoreUnavailableError),
    )
)
def attach_paper(call: Call[Claims], case_id: UUID) -> EvidenceRow:
    """Attach a file to your own application until it is tabled, and say which facts it backs.

    The file is the part `file`, with its media type; its bytes must be of that type.
    """
    return evidence.attach(call.work, case_id, call.given, call.file)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.READ_PAPERS,
        title=("查看佐证材料", "List the papers"),
        renders=Plain(PapersView()),
    )
)
def find_papers(call: Call[None], case_id: UUID) -> Listed:
    """List the papers of an application, and say how every fact given stands on them today."""
    return listed(evidence.find(call.work, case_id), call.spoken)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ONE,
        permission=Permission.READ_PAPERS,
        title=("查看佐证材料登记", "Read what is said of a paper"),
        renders=PaperShown(),
    )
)
def get_paper(call: Call[None], case_id: UUID, n: int) -> EvidenceRow:
    """Read what is said of a paper; its ETag is what a ruling on it needs in If-Match."""
    return evidence.get(call.work, case_id, n)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ONE}/content",
        permission=Permission.READ_PAPERS,
        title=("调阅佐证材料", "Read what stands in a paper"),
        renders=Attachment(),
        records=True,
        refuses=(DamagedBlobError, StoreUnavailableError),
    )
)
def get_paper_content(call: Call[None], case_id: UUID, n: int) -> Content:
    """Read the file itself; that it was read, and by whom, is recorded.

    A file that is not what was sent in is never given out whole.
    """
    return evidence.content(call.work, case_id, n)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/accept",
        permission=Permission.RULE_ON_EVIDENCE,
        title=("采信佐证材料", "Accept a paper"),
        body=FormBody(PaperRulingForm(), examples=ACCEPTED, optional=True),
        renders=PaperShown(),
        needs_version=True,
        repeatable=True,
        refuses=(OwnCaseError, PapersClosedError),
    )
)
def accept_paper(call: Call[Ruling], case_id: UUID, n: int) -> EvidenceRow:
    """Accept a paper: from now on it counts for its facts. A ruling can be changed until the application is tabled."""
    return evidence.accept(call.work, case_id, n, call.given.reason)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/refuse",
        permission=Permission.RULE_ON_EVIDENCE,
        title=("不予采信佐证材料", "Refuse a paper"),
        body=FormBody(ReasonForm(), examples=REASON),
        renders=PaperShown(),
        needs_version=True,
        repeatable=True,
        refuses=(OwnCaseError, PapersClosedError),
    )
)
def refuse_paper(call: Call[Reason], case_id: UUID, n: int) -> EvidenceRow:
    """Refuse a paper, and say why. A ruling can be changed until the application is tabled."""
    return evidence.refuse(call.work, case_id, n, call.given.reason)
