"""What the ledger shows of itself."""

from typing import Any, Final

from marshmallow import fields

from service.core.ledger.spelling import write_base64
from service.web.views import MomentView, Stored, View

_TEXT: Final[dict[str, Any]] = {"type": "string"}


class EntryView(View):
    """An entry under its number."""

    index = fields.Integer(required=True, metadata={"description": "Its number in the tree, from 0."})
    leaf_hash = fields.String(required=True, metadata={"description": "SHA-256 of a zero byte and the entry, in hex."})
    recorded_at = MomentView(required=True, metadata={"description": "By the database's own clock."})
    entry = Stored(required=True, metadata={"description": "The entry, to the byte."})


class LedgerCheckpointView(View):
    """A signed checkpoint."""

    size = fields.Integer(required=True)
    root = fields.Function(lambda row: write_base64(row.root), required=True, metadata=_TEXT)
    signed_at = MomentView(required=True)


class CosignedView(View):
    """The newest state a witness has signed."""

    size = fields.Integer(required=True)
    at = MomentView(required=True)


class WitnessedView(View):
    """A witness of the settings."""

    witness = fields.String(required=True, metadata={"description": "The name of its key."})
    cosigned = fields.Nested(CosignedView, required=True, allow_none=True)


class LedgerHealthView(View):
    """How the ledger is."""

    entries = fields.Integer(required=True, metadata={"description": "Entries in the tree."})
    pending = fields.Integer(required=True, metadata={"description": "Entries that wait for their place in it."})
    oldest_pending_seconds = fields.Integer(required=True, allow_none=True)
    vkey = fields.String(required=True, allow_none=True, metadata={"description": "Null: nothing is signed."})
    checkpoint = fields.Nested(LedgerCheckpointView, required=True, allow_none=True)
    cosigned = fields.Nested(
        CosignedView, required=True, allow_none=True, metadata={"description": "By whichever witness is furthest."}
    )
    witnesses = fields.List(fields.Nested(WitnessedView), required=True)
    alarm = fields.String(required=True, allow_none=True, metadata={"description": "Why the signer refuses."})
