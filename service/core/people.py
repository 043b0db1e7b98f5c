"""Who may do what: one table of permissions, and the actor every unit of work is done for.

The table grants a kind of deed to roles. Which cases an actor may see, and on which ones a deed is still refused
(nobody judges a case of their own), is decided by ``service.core.cases``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from service.core.errors import Flaw, ForbiddenError


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
    READ_RULES = "read_rules"
    PROPOSE_RULES = "propose_rules"
    RELEASE_RULES = "release_rules"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_WEBHOOKS = "manage_webhooks"
    READ_EVENTS = "read_events"
    READ_ONESELF = "read_oneself"
    KEEP_OWN_KEYS = "keep_own_keys"


class Scope(StrEnum):
    """What a key may be used for: a group of permissions."""

    ME = "me"
    ASSESS = "assess"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    REVIEWS = "reviews"
    MEETINGS_READ = "meetings:read"
    MEETINGS_WRITE = "meetings:write"
    LEDGER_READ = "ledger:read"
    RULES = "rules"
    PEOPLE = "people"
    KEYS = "keys"
    WEBHOOKS = "webhooks"
    EVENTS = "events"


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
        Permission.READ_RULES: frozenset(Role),
        Permission.PROPOSE_RULES: frozenset({Role.RULE_AUTHOR}),
        Permission.RELEASE_RULES: frozenset({Role.RULE_RELEASER}),
        Permission.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
        Permission.MANAGE_WEBHOOKS: frozenset({Role.ADMIN}),
        Permission.READ_EVENTS: frozenset({Role.ADMIN, Role.AUDITOR}),
        Permission.READ_ONESELF: frozenset(Role),
        Permission.KEEP_OWN_KEYS: frozenset(Role),
    }
)

# The one scope of each permission.
SCOPES: Mapping[Permission, Scope] = MappingProxyType(
    {
        Permission.ASSESS: Scope.ASSESS,
        Permission.READ_CASES: Scope.CASES_READ,
        Permission.CREATE_CASES: Scope.CASES_WRITE,
        Permission.EDIT_CASES: Scope.CASES_WRITE,
        Permission.SUBMIT_CASES: Scope.CASES_WRITE,
        Permission.RETURN_CASES: Scope.REVIEWS,
        Permission.ACCEPT_CASES: Scope.REVIEWS,
        Permission.WITHDRAW_CASES: Scope.CASES_WRITE,
        Permission.RECONSIDER_CASES: Scope.CASES_WRITE,
        Permission.ATTACH_EVIDENCE: Scope.CASES_WRITE,
        Permission.READ_PAPERS: Scope.CASES_READ,
        Permission.RULE_ON_EVIDENCE: Scope.REVIEWS,
        Permission.ASK_OPINIONS: Scope.REVIEWS,
        Permission.GIVE_OPINIONS: Scope.REVIEWS,
        Permission.READ_OPINIONS: Scope.CASES_READ,
        Permission.GRANT_WAIVERS: Scope.REVIEWS,
        Permission.READ_WAIVERS: Scope.CASES_READ,
        Permission.CALL_MEETINGS: Scope.MEETINGS_WRITE,
        Permission.RUN_MEETINGS: Scope.MEETINGS_WRITE,
        Permission.READ_MEETINGS: Scope.MEETINGS_READ,
        Permission.RECUSE: Scope.MEETINGS_WRITE,
        Permission.VOTE: Scope.MEETINGS_WRITE,
        Permission.DECIDE_ITEMS: Scope.MEETINGS_WRITE,
        Permission.CLOSE_MEETINGS: Scope.MEETINGS_WRITE,
        Permission.APPOINT_DEPUTIES: Scope.MEETINGS_WRITE,
        Permission.DECLARE_INTERESTS: Scope.MEETINGS_WRITE,
        Permission.READ_ACCOUNTABILITY: Scope.MEETINGS_READ,
        Permission.READ_LEDGER: Scope.LEDGER_READ,
        Permission.READ_PROOFS: Scope.LEDGER_READ,
        Permission.READ_BUNDLES: Scope.LEDGER_READ,
        Permission.READ_RULES: Scope.RULES,
        Permission.PROPOSE_RULES: Scope.RULES,
        Permission.RELEASE_RULES: Scope.RULES,
        Permission.MANAGE_PEOPLE: Scope.PEOPLE,
        Permission.MANAGE_WEBHOOKS: Scope.WEBHOOKS,
        Permission.READ_EVENTS: Scope.EVENTS,
        Permission.READ_ONESELF: Scope.ME,
        Permission.KEEP_OWN_KEYS: Scope.KEYS,
    }
)

# Comes with every key.
ALWAYS: Final = frozenset({Scope.ME})


class ScopeMissingError(ForbiddenError):
    """The person may, but not with this key. Figures: ``scope``, ``permission``."""

    code = "scope_missing"


@dataclass(frozen=True, slots=True)
class Credential:
    """What somebody showed: a key (``id`` is its public part) or a token (None), until when it counts, and for what.

    ``scopes`` None: for everything its person may do.
    """

    id: str | None
    scopes: frozenset[Scope] | None
    expires_at: datetime

    def covers(self, permission: Permission) -> bool:
        """Whether it may be used for this."""
        return self.scopes is None or SCOPES[permission] in self.scopes | ALWAYS

    def covers_all(self, scopes: frozenset[Scope] | None) -> bool:
        """Whether it may be used for all that another one with these scopes may be."""
        return self.scopes is None or (scopes is not None and scopes <= self.scopes | ALWAYS)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does a unit of work.

    ``ref`` is the name the ledger keeps (``u:<person id>``, or ``system``); ``name`` is what people read and never
    enters the ledger. ``person_id`` is None for the machine itself. ``credential`` is what they showed, if anything: it
    may take away from what their roles are granted, and never adds.
    """

    ref: str
    name: str
    roles: frozenset[Role]
    person_id: UUID | None
    credential: Credential | None = field(default=None, compare=False)

    def may(self, permission: Permission) -> bool:
        """Whether one of the actor's roles is granted the permission, and what they showed may be used for it."""
        return self._is_granted(permission) and (self.credential is None or self.credential.covers(permission))

    def require(self, permission: Permission) -> None:
        """Raise ``ForbiddenError(permission)`` or ``ScopeMissingError`` unless the actor may."""
        if not self._is_granted(permission):
            raise ForbiddenError(permission=permission.value)
        if not self.may(permission):
            raise ScopeMissingError(scope=SCOPES[permission].value, permission=permission.value)

    def _is_granted(self, permission: Permission) -> bool:
        return not self.roles.isdisjoint(PERMISSIONS[permission])


def role_flaws(roles: Collection[Role]) -> tuple[Flaw, ...]:
    """List what is wrong with the roles of one person: none at all, or ``admin`` beside another."""
    if not roles:
        return (Flaw("/roles", "roles_missing"),)
    is_sound = Role.ADMIN not in roles or len(set(roles)) == 1
    return () if is_sound else (Flaw("/roles", "roles_admin_alone"),)


def person_ref(person_id: UUID) -> str:
    """Name a person the way the ledger does."""
    return f"u:{person_id}"


# Whoever has not said yet who they are: a page that anybody may see is read by them.
NOBODY = Actor(ref="nobody", name="", roles=frozenset(), person_id=None)

# Whoever holds the machine: commands that set up people, keys and editions. It has no role that touches a case.
SYSTEM = Actor(
    ref="system",
    name="system",
    roles=frozenset({Role.ADMIN, Role.RULE_RELEASER}),
    person_id=None,
)
