"""What goes out about papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from marshmallow import fields

from service.actions import evidence
from service.actions.evidence import Content, Papers
from service.core.cases.evidence import EvidenceState, Standing
from service.core.rules.model import Grade
from service.db.evidence import EvidenceRow
from service.web.api.applications.backings import Backed, backed
from service.web.headers import tag
from service.web.routes import PREFIX
from service.web.views import MomentView, Shape, Shown, View, json_text

# What stands in a paper may do nothing in a browser.
_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Listed:
    """The papers of a case, and what they are worth on a day."""

    on: date
    items: Sequence[EvidenceRow]
    backing: Sequence[Backed]


class PaperView(View):
    """A paper: what it says of itself, and what a reviewer said of it."""

    n = fields.Integer(required=True, metadata={"description": "Counts the papers of the application from 1."})
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes."})
    sha256 = fields.String(required=True)
    grade = fields.String(required=True, metadata={"enum": [grade.value for grade in Grade]})
    facts = fields.Function(
        lambda row: list(evidence.facts_of(row)),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}, "description": "Facts it backs."},
    )
    issued_on = fields.Date(required=True, allow_none=True)
    covers_from = fields.Date(required=True, allow_none=True)
    covers_to = fields.Date(required=True, allow_none=True)
    expires_on = fields.Date(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": [state.value for state in EvidenceState]})
    reason = fields.String(required=True, allow_none=True)
    uploaded_by = fields.UUID(required=True)
    uploaded_at = MomentView(required=True)
    ruled_by = fields.UUID(required=True, allow_none=True)
    ruled_at = MomentView(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata={"description": "Counts changes; the ETag."})


class BackingView(View):
    """How one fact stands on paper."""

    fact = fields.String(required=True)
    needs = fields.String(required=True, metadata={"enum": [grade.value for grade in Grade]})
    state = fields.String(required=True, metadata={"enum": [standing.value for standing in Standing]})
    paper = fields.Integer(required=True, allow_none=True, metadata={"description": "The paper that decides it."})
    because = fields.String(required=True)


class PapersView(View):
    """The papers of an application, and how every fact given stands on them today."""

    on = fields.Date(required=True)
    items = fields.List(fields.Nested(PaperView()), required=True)
    backing = fields.List(fields.Nested(BackingView()), required=True)


def listed(found: Papers, spoken: str) -> Listed:
    """Give papers with the words of one language."""
    return Listed(found.on, found.items, backed(found.backing, spoken))


@dataclass(frozen=True, slots=True)
class PaperShown:
    """Renders a paper: its tag, and its address if it is new."""

    headers: tuple[str, ...] = ("ETag", "Location")

    @property
    def shape(self) -> Shape:
        """The schema of a paper."""
        return PaperView

    def __call__(self, value: EvidenceRow, spoken: str) -> Shown:
        """Render the paper; the language changes nothing."""
        del spoken
        address = f"{PREFIX}/applications/{value.application_id}/evidence/{value.n}"
        headers = {"ETag": tag(value.version), "Location": address}
        return Shown(json_text(PaperView().dump(value)).encode(), headers)


@dataclass(frozen=True, slots=True)
class Attachment:
    """Renders what stands in a paper: as a file to be kept, never as something to be looked at in place."""

    media_type: str = "*/*"
    headers: tuple[str, ...] = ("Content-Type", "Content-Length", "Content-Disposition", "Content-Security-Policy")

    @property
    def shape(self) -> Shape:
        """Any bytes."""
        return {}

    def __call__(self, value: Content, spoken: str) -> Shown:
        """Render the content as it is read."""
        del spoken
        headers = {
            "Content-Type": value.paper.media_type,
            "Content-Length": str(value.paper.size),
            "Content-Disposition": disposition(value.paper.name),
            "Content-Security-Policy": _POLICY,
        }
        return Shown(b"", headers, value.pieces)


def disposition(name: str) -> str:
    """Say that a file is to be kept under a name (RFC 6266): in ASCII for old readers, and as it is."""
    plain = "".join(symbol if symbol.isascii() and symbol not in '"\\%' else "_" for symbol in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
