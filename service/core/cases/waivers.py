"""Waivers of gates: when one is in force, and for how long one may be granted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from service.core.cases.states import UNDECIDED, State
from service.core.errors import ConflictError, Flaw
from service.core.rules.model import Words

LONGEST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Waiver:
    """A gate that is waived for one case, from the day it was granted to its last day, unless it was revoked before."""

    gate: str
    granted_on: date
    expires_on: date
    revoked_on: date | None = None


class AlreadyWaivedError(ConflictError):
    """The gate is waived for this case already. Figures: ``gate`` and its ``label``, ``until`` (its last day)."""

    code = "already_waived"


class NotWaivableError(ConflictError):
    """The case is in a state in which nothing of it is waived any more. Figures: ``state``."""

    code = "not_waivable"


class WaiverEndedError(ConflictError):
    """The waiver is not in force any more, so that there is nothing to revoke. Figures: ``on`` (the day it ended)."""

    code = "waiver_ended"


def is_in_force(waiver: Waiver, on: date) -> bool:
    """Whether a waiver counts on a day: on the day it is revoked it does not, on its last day it does."""
    is_revoked = waiver.revoked_on is not None and waiver.revoked_on <= on
    return waiver.granted_on <= on <= waiver.expires_on and not is_revoked


def applying(waivers: Iterable[Waiver], on: date) -> frozenset[str]:
    """Give the gates that are waived on a day."""
    return frozenset(waiver.gate for waiver in waivers if is_in_force(waiver, on))


def expiry_flaws(expires_on: date, today: date) -> tuple[Flaw, ...]:
    """Say what is wrong with the last day of a waiver that is granted today."""
    last = today + timedelta(days=LONGEST_DAYS)
    if today <= expires_on <= last:
        return ()
    return (Flaw("/expires_on", "waiver_expiry", {"first": today, "last": last}),)


def require_undecided(state: State) -> None:
    """Raise ``NotWaivableError`` for a case that is decided or withdrawn."""
    if state not in UNDECIDED:
        raise NotWaivableError(state=state.value)


def require_other(waivers: Iterable[Waiver], gate: str, label: Words, today: date) -> None:
    """Raise ``AlreadyWaivedError`` where the gate is waived today."""
    for waiver in waivers:
        if waiver.gate == gate and is_in_force(waiver, today):
            raise AlreadyWaivedError(gate=gate, label=label, until=waiver.expires_on)


def require_in_force(waiver: Waiver, today: date) -> None:
    """Raise ``WaiverEndedError`` for a waiver that is revoked or over."""
    if not is_in_force(waiver, today):
        ended = [waiver.expires_on] if waiver.revoked_on is None else [waiver.expires_on, waiver.revoked_on]
        raise WaiverEndedError(on=min(ended))
