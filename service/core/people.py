"""Who may do what: one table of permissions, and the actor every unit of work is done for.

The table grants a kind of deed to roles. Which cases an actor may see, and on which ones a deed is still refused
(nobody judges a case of their own), is decided by ``service.core.cases``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from service.core.errors import ForbiddenError


class Role(StrEnum):
    """What a person is to the service. A person may hold several."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    SECRETARY = "secretary"
    MEMBER = "member"
    CHAIR = "chair"
    AUDITOR = "auditor"
    RULE_AUTHOR = "rule_author"
    RULE_RELEASER = "rule_releaser"
    ADMIN = "admin"


class Permission(StrEnum):
    """A kind of deed. Every endpoint and every command names exactly one."""

    ASSESS = "assess"
    READ_CASES = "read_cases"
    CREATE_CASES = "create_cases"
    EDIT_CASES = "edit_cases"
    SUBMIT_CASES = "submit_cases"
    RETURN_CASES = "return_cases"
    ACCEPT_CASES = "accept_cases"
    WITHDRAW_CASES = "withdraw_cases"
    RECONSIDER_CASES = "reconsider_cases"
    ATTACH_EVIDENCE = "attach_evidence"
    READ_PAPERS = "read_papers"
    RULE_ON_EVIDENCE = "rule_on_evidence"
    ASK_OPINIONS = "ask_opinions"
    GIVE_OPINIONS = "give_opinions"
    READ_OPINIONS = "read_opinions"
    GRANT_WAIVERS = "grant_waivers"
    READ_WAIVERS = "read_waivers"
    CALL_MEETINGS = "call_meetings"
    RUN_MEETINGS = "run_meetings"
    READ_MEETINGS = "read_meetings"
    RECUSE = "recuse"
    VOTE = "vote"
    DECIDE_ITEMS = "decide_items"
    CLOSE_MEETINGS = "close_meetings"
    APPOINT_DEPUTIES = "appoint_deputies"
    DECLARE_INTERESTS = "declare_interests"
    READ_ACCOUNTABILITY = "read_accountability"
    READ_LEDGER = "read_ledger"
    READ_PROOFS = "read_proofs"
    READ_BUNDLES = "read_bundles"
    RELEASE_RULES = "release_rules"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_WEBHOOKS = "manage_webhooks"
    READ_EVENTS = "read_events"


_OFFICER = frozenset({Role.OFFICER})
_REVIEWER = frozenset({Role.REVIEWER})
_SECRETARY = frozenset({Role.SECRETARY})
_CHAIR = frozenset({Role.CHAIR})
_SEATS = frozenset({Role.MEMBER, Role.CHAIR})
_MEETING = frozenset({Role.SECRETARY, Role.MEMBER, Role.CHAIR})
_JUDGES = _MEETING | _REVIEWER
_INVOLVED = _JUDGES | _OFFICER | {Role.AUDITOR}

PERMISSIONS: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.ASSESS: frozenset(Role),
        Permission.READ_CASES: _INVOLVED,
        Permission.CREATE_CASES: _OFFICER,
        Permission.EDIT_CASES: _OFFICER,
        Permission.SUBMIT_CASES: _OFFICER,
        Permission.RETURN_CASES: _REVIEWER,
        Permission.ACCEPT_CASES: _REVIEWER,
        Permission.WITHDRAW_CASES: _OFFICER,
        Permission.RECONSIDER_CASES: _OFFICER,
        Permission.ATTACH_EVIDENCE: _OFFICER,
        Permission.READ_PAPERS: _INVOLVED,
        Permission.RULE_ON_EVIDENCE: _REVIEWER,
        Permission.ASK_OPINIONS: _REVIEWER | _SECRETARY,
        Permission.GIVE_OPINIONS: _REVIEWER,
        Permission.READ_OPINIONS: _JUDGES | {Role.AUDITOR},
        Permission.GRANT_WAIVERS: _CHAIR,
        Permission.READ_WAIVERS: _INVOLVED,
        Permission.CALL_MEETINGS: _SECRETARY,
        Permission.RUN_MEETINGS: _SECRETARY | _CHAIR,
        Permission.READ_MEETINGS: _MEETING | {Role.AUDITOR},
        Permission.RECUSE: _JUDGES,
        Permission.VOTE: _SEATS,
        Permission.DECIDE_ITEMS: _SECRETARY | _CHAIR,
        Permission.CLOSE_MEETINGS: _CHAIR,
        Permission.APPOINT_DEPUTIES: _SEATS,
        Permission.DECLARE_INTERESTS: _JUDGES,
        Permission.READ_ACCOUNTABILITY: _CHAIR | {Role.AUDITOR},
        Permission.READ_LEDGER: frozenset({Role.AUDITOR}),
        Permission.READ_PROOFS: frozenset(Role),
        Permission.READ_BUNDLES: frozenset({Role.AUDITOR}),
        Permission.RELEASE_RULES: frozenset({Role.RULE_RELEASER}),
        Permission.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
        Permission.MANAGE_WEBHOOKS: frozenset({Role.ADMIN}),
        Permission.READ_EVENTS: frozenset({Role.ADMIN, Role.AUDITOR}),
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does a unit of work.

    ``ref`` is the name the ledger keeps (``u:<person id>``, or ``system``); ``name`` is what people read and never
    enters the ledger. ``person_id`` is None for the machine itself.
    """

    ref: str
    name: str
    roles: frozenset[Role]
    person_id: UUID | None

    def may(self, permission: Permission) -> bool:
        """Whether one of the actor's roles is granted the permission."""
        return not self.roles.isdisjoint(PERMISSIONS[permission])

    def require(self, permission: Permission) -> None:
        """Raise ``ForbiddenError(permission)`` unless the actor may."""
        if not self.may(permission):
            raise ForbiddenError(permission=permission.value)


def person_ref(person_id: UUID) -> str:
    """Name a person the way the ledger does."""
    return f"u:{person_id}"


# Whoever holds the machine: commands that set up people, keys and editions. It has no role that touches a case.
SYSTEM = Actor(
    ref="system",
    name="system",
    roles=frozenset({Role.ADMIN, Role.RULE_RELEASER}),
    person_id=None,
)
