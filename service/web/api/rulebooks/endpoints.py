"""Editions of the rules: reading them, proposing one, and deciding on what somebody else proposed."""

from typing import Final
from uuid import UUID

from service.actions import proposals, rulebooks
from service.actions.applications import Page
from service.actions.proposals import NewProposal, Query
from service.actions.rulebooks import Edition, FaultyRulebookError, NoRulebookInForceError
from service.core.people import Permission
from service.core.rules.compare import Comparison
from service.core.rules.proposals import (
    AlreadyProposedError,
    AlreadyReleasedError,
    NotYourProposalError,
    OwnProposalError,
    ProposalDecidedError,
)
from service.db.proposals import RulebookProposalRow
from service.web.api.applications.examples import REASON
from service.web.api.applications.forms import Reason, ReasonForm
from service.web.api.rulebooks.forms import NEW, Against, AgainstForm, NewProposalForm, On, OnForm, ProposalQueryForm
from service.web.api.rulebooks.views import (
    YAML,
    Differences,
    EditionView,
    EditionWithSourceView,
    ProposalView,
    ProposalWithSourceView,
    file,
)
from service.web.chosen import Chosen
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.errors import NotAcceptableError
from service.web.forms import Empty, Nothing
from service.web.routes import PREFIX, Routes
from service.web.views import Listed, Paged, Plain, Versioned

_ALL: Final = "/rulebooks"
_EDITION: Final = f"{_ALL}/<string:sha256>"
_PROPOSALS: Final = f"{_ALL}/proposals"
_PROPOSAL: Final = f"{_PROPOSALS}/<uuid:proposal_id>"
_SHOWN: Final = Versioned(ProposalView(), PREFIX + _PROPOSALS)
_HEADERS: Final = ("Content-Type", "Content-Language", "Vary", "Cache-Control", "Content-Disposition")

routes = Routes("rulebooks", ("规则版本", "Editions of the rules"))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.PROPOSE_RULES,
        title=("提出规则版本", "Propose an edition"),
        body=FormBody(NewProposalForm(), examples=NEW),
        renders=_SHOWN,
        status=201,
        repeatable=True,
        ahead=proposals.look_at,
        refuses=(FaultyRulebookError, AlreadyProposedError, AlreadyReleasedError),
    )
)
def propose_rulebook(call: Call[NewProposal]) -> RulebookProposalRow:
    """Propose a rules file as an edition. Nothing is assessed by it until somebody else releases it.

    Every fault of form, meaning and policy, and every case of the file that comes out otherwise, is told at once with
    its line and column.
    """
    return proposals.propose(call.work, call.given, call.ready)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.READ_RULES,
        title=("查询规则版本", "Find editions"),
        query=OnForm(),
        renders=Listed(EditionView()),
    )
)
def find_rulebooks(call: Call[On]) -> tuple[Edition, ...]:
    """List every released edition, the latest to begin first, and say which is in force on a day."""
    return rulebooks.find(call.work, call.given.on)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_PROPOSALS,
        permission=Permission.READ_RULES,
        title=("查询规则版本提案", "Find proposals"),
        query=ProposalQueryForm(),
        renders=Paged(ProposalView()),
    )
)
def find_proposals(call: Call[Query]) -> Page[RulebookProposalRow]:
    """List proposed editions and what became of them, the latest first, a page at a time."""
    return proposals.find(call.work, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_PROPOSAL,
        permission=Permission.READ_RULES,
        title=("查看规则版本提案", "Read a proposal"),
        renders=Versioned(ProposalWithSourceView(), PREFIX + _PROPOSALS),
    )
)
def get_proposal(call: Call[None], proposal_id: UUID) -> RulebookProposalRow:
    """Read a proposed edition with its file; its ETag is what deciding on it needs in If-Match."""
    return proposals.get(call.work, proposal_id)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_PROPOSAL}/differences",
        permission=Permission.READ_RULES,
        title=("比较规则版本", "Compare a proposal"),
        query=AgainstForm(),
        renders=Differences(),
        refuses=(NoRulebookInForceError, FaultyRulebookError),
    )
)
def get_proposal_differences(call: Call[Against], proposal_id: UUID) -> Comparison:
    """Say in words what a proposed edition changes, and which cases come out differently.

    It is compared with the edition it would follow: the one in force on its first day, or today if that is later.
    """
    return proposals.compare(call.work, proposal_id, call.given.against)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_PROPOSAL}/release",
        permission=Permission.RELEASE_RULES,
        title=("发布规则版本", "Release a proposal"),
        body=FormBody(Empty(), optional=True),
        renders=_SHOWN,
        needs_version=True,
        repeatable=True,
        proven=True,
        ahead=lambda work, _, proposal_id: proposals.look_again(work, proposal_id),
        refuses=(OwnProposalError, ProposalDecidedError, AlreadyReleasedError, FaultyRulebookError),
    )
)
def release_proposal(call: Call[Nothing], proposal_id: UUID) -> RulebookProposalRow:
    """Release what somebody else proposed: from its first day on it decides what is submitted.

    What was submitted before keeps the edition it was assessed by. Nobody releases what they proposed themselves.
    """
    return proposals.release(call.work, proposal_id, call.ready)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_PROPOSAL}/decline",
        permission=Permission.RELEASE_RULES,
        title=("不予采纳", "Decline a proposal"),
        body=FormBody(ReasonForm(), examples=REASON),
        renders=_SHOWN,
        needs_version=True,
        repeatable=True,
        refuses=(OwnProposalError, ProposalDecidedError),
    )
)
def decline_proposal(call: Call[Reason], proposal_id: UUID) -> RulebookProposalRow:
    """Decline what somebody else proposed, and say why."""
    return proposals.decline(call.work, proposal_id, call.given.reason)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_PROPOSAL}/withdraw",
        permission=Permission.PROPOSE_RULES,
        title=("撤回提案", "Withdraw a proposal"),
        body=FormBody(Empty(), optional=True),
        renders=_SHOWN,
        needs_version=True,
        repeatable=True,
        refuses=(NotYourProposalError, ProposalDecidedError),
    )
)
def withdraw_proposal(call: Call[Nothing], proposal_id: UUID) -> RulebookProposalRow:
    """Take your own proposal back. It stays on record."""
    return proposals.withdraw(call.work, proposal_id)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_EDITION,
        permission=Permission.READ_RULES,
        title=("查看规则版本", "Read an edition"),
        renders=Chosen(Plain(EditionWithSourceView()), {YAML: file}, _HEADERS),
        refuses=(NotAcceptableError,),
    )
)
def get_rulebook(call: Call[None], sha256: str) -> Edition:
    """Read a released edition with its file; as `application/yaml` the file itself, byte for byte."""
    return rulebooks.get(call.work, sha256)
