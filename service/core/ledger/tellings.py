"""What each type of entry says of the rows of the tables: the one table that replaying state rests on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from service.core.ledger.canonical import Plain
from service.core.ledger.folding import ACTOR, AT, SUBJECT, Effect, Removal, Telling

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


_OPINION = ("stance", "reason", "conditions", "given_by", "given_at")


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _by(who: str, when: str) -> dict[str, str]:
    """Tell who did it, and when."""
    return {ACTOR: who, AT: when}


def _case(columns: Mapping[str, str], fixed: Mapping[str, Plain] | None = None) -> Telling:
    return Telling("application", (SUBJECT,), {**columns, AT: "updated_at"}, fixed or {})


def _none(*columns: str) -> dict[str, Plain]:
    """Say of columns that nothing stands in them yet."""
    return dict.fromkeys(columns)


def _left(state: str) -> tuple[Effect, ...]:
    return _case(_MOVED), Telling("meeting_item", _ITEM, fixed={"state": state})


def _ruled(state: str) -> tuple[Effect, ...]:
    return (
        Telling("evidence", _PAPER, {**_same("version", "reason"), **_by("ruled_by", "ruled_at")}, {"state": state}),
    )


def _closed(state: str, *told: str) -> tuple[Effect, ...]:
    columns = {**_same("version", *told), **_by("decided_by", "decided_at")}
    return (Telling("rulebook_proposal", ("proposal",), columns, {"state": state}),)


def _recused(kind: str) -> tuple[Effect, ...]:
    return (
        Telling("recusal", _SEAT, {**_same("held_by", "reason"), SUBJECT: "application", AT: "at"}, {"kind": kind}),
    )


# Entries that change no row they tell of: something was read, or is sent (again), or the log lives.
_ONLY_TOLD: Mapping[str, tuple[Effect, ...]] = {
    "evidence.read": (),
    "bundle.read": (),
    "applications.imported": (),
    "log.heartbeat": (),
    "log.key_added": (),
    "log.key_retired": (),
    "person.sessions_ended": (),
    "webhook.tested": (),
    "webhook.replayed": (),
}

EFFECTS: Final[Mapping[str, tuple[Effect, ...]]] = MappingProxyType(
    {
        "person.added": (
            Telling(
                "person",
                (SUBJECT,),
                {**_same("roles", "department", "name_commitment"), AT: "created_at"},
                {"version": 1, **_none("login_commitment")},
            ),
        ),
        "person.roles_changed": (Telling("person", (SUBJECT,), _same("roles", "version")),),
        "person.login_set": (Telling("person", (SUBJECT,), _same("login_commitment")),),
        "person.password_set": (Telling("password", (SUBJECT,), {**_same("hash_sha256"), AT: "set_at"}),),
        "person.erased": (
            Telling("person", (SUBJECT,), _same("version"), _none("name_commitment", "login_commitment")),
            Removal("password", (SUBJECT,)),
            Removal("interest", (SUBJECT,)),
            Removal("person_identity", (SUBJECT,)),
        ),
        "key.issued": (
            Telling(
                "api_key",
                (SUBJECT,),
                {**_same("person", "expires_at", "scopes"), AT: "created_at"},
                {"revoked_at": None},
            ),
        ),
        "key.rotated": (Telling("api_key", (SUBJECT,), {"until": "revoked_at"}),),
        "key.revoked": (Telling("api_key", (SUBJECT,), {AT: "revoked_at"}),),
        "rulebook.released": (
            Telling(
                "rulebook",
                (SUBJECT,),
                {**_same("id", "edition", "in_force_from", "rulebook_sha256"), AT: "released_at"},
            ),
            Telling(
                "rulebook_proposal",
                ("proposal",),
                {**_same("version"), "author": "proposed_by", **_by("decided_by", "decided_at")},
                {"state": "released"},
            ),
        ),
        "rulebook.proposed": (
            Telling(
                "rulebook_proposal",
                ("proposal",),
                {
                    **_same("edition", "in_force_from", "note", "version"),
                    "id": "rulebook_id",
                    "rulebook_sha256": "source_sha256",
                    SUBJECT: "sha256",
                    **_by("proposed_by", "proposed_at"),
                },
                {"state": "proposed", **_none("decided_by", "decided_at", "reason")},
            ),
        ),
        "rulebook.declined": _closed("declined", "reason"),
        "rulebook.withdrawn": _closed("withdrawn"),
        "application.created": (
            _case(
                {**_same("number", "header_sha256"), **_MOVED, **_READ, ACTOR: "submitted_by"},
                {"versions": 0, **_none("outcome", "category", "total", "submitted_at")},
            ),
            Telling("application", (SUBJECT,), {AT: "created_at"}),
        ),
        "application.facts_replaced": (_case({**_same("state", "version"), **_READ}),),
        "application.renamed": (_case(_same("version", "header_sha256")),),
        "application.submitted": (
            _case({"n": "versions", **_MOVED, **_READ, **_FOUND}),
            Telling("application", (SUBJECT,), {AT: "submitted_at"}),
            Telling("application_version", _VERSION, {**_same("follows"), **_READ, AT: "submitted_at"}),
            Telling(
                "assessment",
                _VERSION,
                {
                    **_same("completeness", "report_zh_sha256", "report_en_sha256"),
                    **_READ,
                    **_FOUND,
                    AT: "assessed_at",
                },
            ),
        ),
        **{f"application.{past}": (_case(_MOVED),) for past in ("accepted", "returned", "reconsidered")},
        "application.withdrawn": _left("withdrawn"),
        "application.tabled": (
            _case(_MOVED),
            Telling(
                "meeting_item",
                _ITEM,
                {**_PINNED, **_by("tabled_by", "tabled_at"), SUBJECT: "application"},
                {"state": "tabled"},
            ),
        ),
        "application.retabled": (
            Telling("meeting_item", _ITEM, {**_PINNED, **_by("tabled_by", "tabled_at")}),
            Removal("vote", _ITEM),
        ),
        "application.untabled": _left("untabled"),
        "application.carried_over": _left("carried_over"),
        "evidence.attached": (
            Telling(
                "evidence",
                _PAPER,
                {
                    **_same("sha256", "size", "media_type", "grade", "facts"),
                    **_same("issued_on", "covers_from", "covers_to", "expires_on"),
                    **_by("uploaded_by", "uploaded_at"),
                },
                {"state": "pending", "version": 1, **_none("reason", "ruled_by", "ruled_at")},
            ),
        ),
        "evidence.accepted": _ruled("accepted"),
        "evidence.refused": _ruled("refused"),
        "waiver.granted": (
            Telling(
                "waiver",
                ("waiver",),
                {
                    **_same("gate", "owner", "reason", "expires_on"),
                    **_by("granted_by", "granted_at"),
                    SUBJECT: "application",
                },
            ),
        ),
        "waiver.revoked": (
            Telling("waiver", ("waiver",), {"reason": "revoked_because", **_by("revoked_by", "revoked_at")}),
        ),
        "meeting.called": (
            Telling(
                "meeting",
                (SUBJECT,),
                {**_same("title", "held_at", "place", "seats"), **_MOVED, **_by("called_by", "called_at")},
                _none("rulebook_sha256", "opened_at", "closed_at"),
            ),
        ),
        "meeting.seats_set": (Telling("meeting", (SUBJECT,), _same("version", "seats")),),
        "meeting.opened": (
            Telling("meeting", (SUBJECT,), {**_same("rulebook_sha256", "seats"), **_MOVED, AT: "opened_at"}),
        ),
        "meeting.closed": (Telling("meeting", (SUBJECT,), {**_MOVED, AT: "closed_at"}),),
        "meeting.cancelled": (Telling("meeting", (SUBJECT,), _MOVED),),
        "recusal.declared": _recused("declared"),
        "recusal.ordered": _recused("ordered"),
        "recusal.found": _recused("found"),
        "vote.cast": (
            Telling("vote", _SEAT, {**_same("choice", "reason"), **_by("cast_by", "cast_at"), SUBJECT: "application"}),
        ),
        "decision.recorded": (
            *_left("decided"),
            Telling(
                "decision",
                _VERSION,
                {
                    **_same("meeting", "item", "outcome", "assessed", "override", "reason", "tally"),
                    **_same("conditions_sha256", "dissent_sha256"),
                    **_by("decided_by", "decided_at"),
                },
            ),
        ),
        "opinion.asked": (
            Telling(
                "opinion",
                _VERSION,
                {**_same("of_version", "department", "due_on"), **_by("asked_by", "asked_at")},
                {"stance": None},
            ),
        ),
        "opinion.given": (
            Telling(
                "opinion",
                _VERSION,
                {
                    **_same("of_version", "department", "due_on", "stance", "reason", "conditions"),
                    **_by("given_by", "given_at"),
                },
            ),
        ),
        "deputy.appointed": (
            Telling(
                "deputy",
                ("deputy",),
                {
                    **_same("sits", "from_on", "to_on", "meeting", "reason", "version"),
                    **_by("appointed_by", "appointed_at"),
                    SUBJECT: "person",
                },
                {"revoked_at": None},
            ),
        ),
        "deputy.revoked": (Telling("deputy", ("deputy",), {**_same("version"), AT: "revoked_at"}),),
        "identity.linked": (
            Telling(
                "person_identity", (SUBJECT, "identity"), {**_same("issuer", "subject_commitment"), AT: "linked_at"}
            ),
        ),
        "identity.unlinked": (Removal("person_identity", (SUBJECT, "identity")),),
        "interest.declared": (Telling("interest", (SUBJECT, "credit_code_commitment"), {AT: "declared_at"}),),
        "webhook.added": (
            Telling(
                "webhook",
                (SUBJECT,),
                {**_same("url_sha256", "events", "secret_sha256", "version"), **_by("created_by", "created_at")},
                {"active": True, **_none("previous_secret_sha256", "previous_until")},
            ),
        ),
        "webhook.rotated": (
            Telling(
                "webhook",
                (SUBJECT,),
                _same("secret_sha256", "previous_secret_sha256", "previous_until", "version"),
            ),
        ),
        "webhook.deactivated": (Telling("webhook", (SUBJECT,), _same("version"), {"active": False}),),
        **_ONLY_TOLD,
    }
)
