"""What the service answers, as frozen values: names and types are those of ``openapi.yaml``.

Numbers are exact: a ``Decimal``, or an ``int`` where the description has integers. Words such as states and
outcomes are the strings the service uses, so that one it learns later does not break a reader. ``Mapping[str, Any]``
holds JSON whose members the rulebook decides, with every number a ``Decimal``.
"""

from service.client.answers.applications import (
    Application,
    ApplicationSummary,
    Change,
    Clock,
    Differences,
    FollowedDecision,
    Opinion,
    TimelineEntry,
    Version,
    VersionWithFacts,
    Who,
)
from service.client.answers.assessments import (
    Assessment,
    Category,
    Gate,
    Masked,
    PinnedAssessment,
    RulesUsed,
    Verified,
    VersionAssessment,
)
from service.client.answers.evidence import Backing, Paper, Papers, Waiver
from service.client.answers.imports import Import, ImportedRow
from service.client.answers.ledger import Cosigned, Entry, Event, LedgerCheckpoint, LedgerHealth, Witnessed
from service.client.answers.meetings import (
    Ballot,
    Decision,
    Item,
    Meeting,
    MeetingSummary,
    Recusal,
    Seat,
    Vote,
)
from service.client.answers.people import Credential, Identity, IssuedKey, Key, Me, Person
from service.client.answers.rulebooks import Edition, EditionWithSource, Proposal, ProposalWithSource

__all__ = [
    "Application",
    "ApplicationSummary",
    "Assessment",
    "Backing",
    "Ballot",
    "Category",
    "Change",
    "Clock",
    "Cosigned",
    "Credential",
    "Decision",
    "Differences",
    "Edition",
    "EditionWithSource",
    "Entry",
    "Event",
    "FollowedDecision",
    "Gate",
    "Identity",
    "Import",
    "ImportedRow",
    "IssuedKey",
    "Item",
    "Key",
    "LedgerCheckpoint",
    "LedgerHealth",
    "Masked",
    "Me",
    "Meeting",
    "MeetingSummary",
    "Opinion",
    "Paper",
    "Papers",
    "Person",
    "PinnedAssessment",
    "Proposal",
    "ProposalWithSource",
    "Recusal",
    "RulesUsed",
    "Seat",
    "TimelineEntry",
    "Verified",
    "Version",
    "VersionAssessment",
    "VersionWithFacts",
    "Vote",
    "Waiver",
    "Who",
    "Witnessed",
]
