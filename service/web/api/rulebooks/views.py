"""What goes out about editions of the rules."""

from typing import Any, Final

from marshmallow import fields

from service.actions.rulebooks import Edition
from service.core.rules.compare import Comparison
from service.core.rules.proposals import ProposalState
from service.web.octets import IMMUTABLE
from service.web.views import MomentView, Shape, Shown, View, json_text
from service.words import changes_json
from service.words.changes import Telling

YAML: Final = "application/yaml"

_STATE: Final[dict[str, Any]] = {"enum": [state.value for state in ProposalState]}
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_MAYBE: Final[dict[str, Any]] = {"type": ["string", "null"]}
_EDITION: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["id", "edition", "sha256"],
    "properties": {"id": _TEXT, "edition": _TEXT, "sha256": _TEXT},
}


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


class EditionView(View):
    """A released edition of the rules."""

    sha256 = fields.String(attribute="row.sha256", required=True, metadata=_said("SHA-256 of the file, in hex"))
    id = fields.String(attribute="row.id", required=True)
    edition = fields.String(attribute="row.edition", required=True)
    in_force_from = fields.Date(attribute="row.in_force_from", required=True, metadata=_said("生效日 · its first day"))
    in_force = fields.Boolean(required=True, metadata=_said("是否现行 · whether it is in force on the day asked for"))
    released_at = MomentView(attribute="row.released_at", required=True)
    released_by = fields.UUID(
        required=True, allow_none=True, metadata=_said("发布人 · null where the machine released it, at set-up")
    )
    proposed_by = fields.UUID(required=True, allow_none=True, metadata=_said("起草人 · who proposed it"))
    proposal = fields.UUID(required=True, allow_none=True, metadata=_said("the proposal that was released"))


class EditionWithSourceView(EditionView):
    """A released edition with the rules file itself."""

    source = fields.String(required=True, metadata=_said("规则文件全文 · the text of the file"))


class ProposalView(View):
    """A proposed edition and what became of it."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, metadata=_STATE)
    sha256 = fields.String(required=True, metadata=_said("SHA-256 of the file, in hex"))
    rulebook_id = fields.String(required=True)
    edition = fields.String(required=True)
    in_force_from = fields.Date(required=True, metadata=_said("生效日 · its first day, once released"))
    note = fields.String(required=True, metadata=_said("说明 · why it was proposed"))
    proposed_by = fields.UUID(required=True)
    proposed_at = MomentView(required=True)
    decided_by = fields.UUID(required=True, allow_none=True, metadata=_said("who released, declined or withdrew it"))
    decided_at = MomentView(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True, metadata=_said("理由 · why it was declined"))
    version = fields.Integer(required=True, metadata=_said("Counts changes; the ETag."))


class ProposalWithSourceView(ProposalView):
    """A proposed edition with the rules file itself."""

    source = fields.Function(lambda row: row.source.decode(), required=True, metadata={"type": "string"})


_DIFFERENCES: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["before", "after", "changes", "cases"],
    "properties": {
        "before": _EDITION,
        "after": _EDITION,
        "changes": {
            "type": "array",
            "description": "In the order of the file.",
            "items": {
                "type": "object",
                "required": ["section", "name", "change", "key", "before", "after", "because"],
                "properties": {
                    "section": _TEXT,
                    "name": _MAYBE,
                    "change": _TEXT,
                    "key": _MAYBE,
                    "before": {},
                    "after": {},
                    "because": {**_TEXT, "description": "The change in words."},
                },
            },
        },
        "cases": {
            "type": "object",
            "description": "How many cases of both were tried, and which come out differently.",
            "required": ["tried", "different"],
            "properties": {
                "tried": {"type": "integer"},
                "different": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name", "before", "after", "because"],
                        "properties": {
                            "name": _TEXT,
                            "before": {"type": "object"},
                            "after": {"type": "object"},
                            "because": _TEXT,
                        },
                    },
                },
            },
        },
    },
}


class Differences:
    """Renders a comparison: exact values, and sentences in the language asked for."""

    headers = ("Content-Language", "Vary")

    @property
    def shape(self) -> Shape:
        """What a comparison tells."""
        return _DIFFERENCES

    def __call__(self, value: Comparison, spoken: str) -> Shown:
        """Render the comparison."""
        told = json_text(changes_json.comparison(Telling(value, spoken)))
        return Shown(told.encode(), {"Content-Language": spoken, "Vary": "Accept-Language"})


def file(value: Edition, spoken: str) -> Shown:
    """Give the rules file as it was released, byte for byte."""
    del spoken
    name = f'attachment; filename="rules-{value.row.sha256[:16]}.yaml"'
    headers = {"Content-Type": YAML, "Cache-Control": IMMUTABLE, "Content-Disposition": name}
    return Shown(value.row.source, headers)
