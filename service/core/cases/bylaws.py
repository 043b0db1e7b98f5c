"""The bylaws of a rulebook as a meeting votes by them. What they mean is told in ``docs/meetings.md``."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, cast

from service.core.errors import ConflictError
from service.core.people import Role
from service.core.rules.model import Level
from service.core.rules.voting import ShareOf, Tie

_Table: TypeAlias = Mapping[str, object]


class NoBylawsError(ConflictError):
    """The rulebook does not say how a meeting votes."""

    code = "no_bylaws"


class VotingRoleUnknownError(ConflictError):
    """The bylaws give a vote to roles that nobody can hold. Figures: ``roles``, in the order of the file."""

    code = "voting_role_unknown"


class NoOverrideError(ConflictError):
    """The bylaws do not provide for deciding better than the assessment."""

    code = "no_override"


@dataclass(frozen=True, slots=True)
class Share:
    """At least a fraction of a base, or with ``strictly`` more than it."""

    of: ShareOf
    fraction: Fraction
    strictly: bool

    def needed(self, base: int) -> int:
        """Give the least count that is this share of a base: never 0, and beyond the base where none is enough."""
        exact = self.fraction * base
        whole = exact.numerator // exact.denominator
        return max(1, whole + 1 if self.strictly or whole < exact else whole)


@dataclass(frozen=True, slots=True)
class Override:
    """What deciding better than the assessment takes; open gates of a forbidden level rule it out."""

    needs: Share
    reason_required: bool
    forbidden_for_levels: frozenset[Level]


@dataclass(frozen=True, slots=True)
class Bylaws:
    """How a review meeting votes. Without ``override`` nothing is decided better than its assessment."""

    voting_roles: frozenset[Role]
    quorum: Share
    pass_: Share
    oppose_is_veto: bool
    abstentions_count_as_present: bool
    tie: Tie
    override: Override | None

    def overriding(self) -> Override:
        """Say what an override takes. Raises ``NoOverrideError`` where there is none."""
        if self.override is None:
            raise NoOverrideError
        return self.override


def bylaws(raw: Mapping[str, object]) -> Bylaws:
    """Take the bylaws of a loaded rulebook, which keeps them as they were written.

    Raises ``NoBylawsError`` for none and ``VotingRoleUnknownError`` for roles the service does not know.
    """
    if not raw:
        raise NoBylawsError
    override = raw.get("override")
    return Bylaws(
        voting_roles=_roles(_table(raw["seats"])),
        quorum=_share(raw["quorum"]),
        pass_=_share(raw["pass"]),
        oppose_is_veto=raw["oppose_is_veto"] is True,
        abstentions_count_as_present=raw["abstentions_count_as_present"] is True,
        tie=Tie(str(raw["tie"])),
        override=None if override is None else _override(_table(override)),
    )


def _roles(seats: _Table) -> frozenset[Role]:
    named = cast("list[str]", seats["voting_roles"])
    unknown = tuple(name for name in named if name not in set(Role))
    if unknown:
        raise VotingRoleUnknownError(roles=unknown)
    return frozenset(Role(name) for name in named)


def _override(table: _Table) -> Override:
    levels = cast("list[str]", table.get("forbidden_for_levels", []))
    return Override(_share(table["needs"]), table["reason_required"] is True, frozenset(map(Level, levels)))


def _share(raw: object) -> Share:
    table = _table(raw)
    strictly = "more_than" in table
    fraction = cast("str | Decimal", table["more_than" if strictly else "at_least"])
    return Share(ShareOf(str(table["of"])), Fraction(fraction), strictly)


def _table(raw: object) -> _Table:
    return cast("_Table", raw)
