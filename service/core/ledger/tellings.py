"""What each type of entry says of the rows of the tables: the one table that replaying state rests on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from service.core.ledger.folding import SUBJECT, Effect, Removal, Telling

_ITEM = ("meeting", "item")
_SEAT = ("meeting", "item", "person")
_PAPER = (SUBJECT, "paper")
_VERSION = (SUBJECT, "n")

_MOVED = {"to": "state", "version": "version"}
_READ = {"facts_sha256": "facts_sha256", "rulebook_sha256": "rulebook_sha256"}
_FOUND = {"outcome": "outcome", "category": "category", "total": "total"}
_PINNED = {
    name: name
    for name in (
        "n",
        "rulebook_sha256",
        "waived",
        *(f"{kind}_{what}" for kind in ("declared", "verified") for what in ("outcome", "total")),
        *(f"{kind}_{language}_sha256" for kind in ("declared", "verified") for language in ("zh", "en")),
    )
}


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _case(**columns: str) -> Telling:
    return Telling("application", (SUBJECT,), columns)


def _left(state: str) -> tuple[Effect, ...]:
    return _case(**_MOVED), Telling("meeting_item", _ITEM, fixed={"state": state})


def _ruled(state: str) -> tuple[Effect, ...]:
    return (Telling("evidence", _PAPER, _same("version", "reason"), {"state": state}),)


def _recused(kind: str) -> tuple[Effect, ...]:
    return (Telling("recusal", _SEAT, _same("held_by", "reason"), {"kind": kind}),)


# Entries that change no row: they say that something was read, or that the log lives.
_ONLY_TOLD: Mapping[str, tuple[Effect, ...]] = {"evidence.read": (), "log.heartbeat": ()}

EFFECTS: Final[Mapping[str, tuple[Effect, ...]]] = MappingProxyType(
    {
        "person.added": (Telling("person", (SUBJECT,), _same("roles", "department")),),
        "key.issued": (Telling("api_key", (SUBJECT,), _same("person", "expires_at"), {"revoked": False}),),
        "key.revoked": (Telling("api_key", (SUBJECT,), fixed={"revoked": True}),),
        "rulebook.released": (
            Telling("rulebook", (SUBJECT,), _same("id", "edition", "in_force_from", "rulebook_sha256")),
        ),
        "application.created": (_case(number="number", **_MOVED, **_READ),),
        "application.facts_replaced": (_case(**_same("state", "version"), **_READ),),
        "application.submitted": (
            _case(n="versions", **_MOVED, **_READ, **_FOUND),
            Telling("application_version", _VERSION, {**_same("follows"), **_READ}),
            Telling(
                "assessment",
                _VERSION,
                {**_READ, **_FOUND, **_same("completeness", "report_zh_sha256", "report_en_sha256")},
            ),
        ),
        **{f"application.{past}": (_case(**_MOVED),) for past in ("accepted", "returned", "withdrawn", "reconsidered")},
        "application.tabled": (
            _case(**_MOVED),
            Telling("meeting_item", _ITEM, {**_PINNED, SUBJECT: "application"}, {"state": "tabled"}),
        ),
        "application.retabled": (
            Telling("meeting_item", _ITEM, _PINNED),
            Removal("vote", _ITEM),
        ),
        "application.untabled": _left("untabled"),
        "application.carried_over": _left("carried_over"),
        "evidence.attached": (
            Telling(
                "evidence",
                _PAPER,
                _same(
                    *("sha256", "size", "media_type", "grade", "facts"),
                    *("issued_on", "covers_from", "covers_to", "expires_on"),
                ),
                {"state": "pending", "version": 1},
            ),
        ),
        "evidence.accepted": _ruled("accepted"),
        "evidence.refused": _ruled("refused"),
        "waiver.granted": (
            Telling("waiver", ("waiver",), {**_same("gate", "owner", "reason", "expires_on"), SUBJECT: "application"}),
        ),
        "waiver.revoked": (Telling("waiver", ("waiver",), {"reason": "revoked_because"}),),
        "meeting.called": (Telling("meeting", (SUBJECT,), {**_same("title", "held_at", "place", "seats"), **_MOVED}),),
        "meeting.seats_set": (Telling("meeting", (SUBJECT,), _same("version", "seats")),),
        "meeting.opened": (Telling("meeting", (SUBJECT,), {**_same("rulebook_sha256", "seats"), **_MOVED}),),
        "recusal.declared": _recused("declared"),
        "recusal.ordered": _recused("ordered"),
        "recusal.found": _recused("found"),
        "vote.cast": (Telling("vote", _SEAT, {**_same("choice", "reason"), SUBJECT: "application"}),),
        **_ONLY_TOLD,
    }
)
