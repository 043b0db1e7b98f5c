"""Schemas written out: of contents that are JSON text in and out, and of problems."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from service.core.rules.model import Outcome

FACTS: Final[dict[str, Any]] = {"$ref": "#/components/schemas/Facts"}
ASSESSMENT: Final[dict[str, Any]] = {"$ref": "#/components/schemas/Assessment"}
PROBLEM: Final[dict[str, Any]] = {"$ref": "#/components/schemas/Problem"}
ITEM_PROBLEM: Final[dict[str, Any]] = {"$ref": "#/components/schemas/ItemProblem"}

_OBJECT: Final[dict[str, Any]] = {"type": "object"}
_OBJECTS: Final[dict[str, Any]] = {"type": "array", "items": _OBJECT}
_OUTCOME: Final[dict[str, Any]] = {"enum": [outcome.value for outcome in Outcome]}
_TEXT: Final[dict[str, Any]] = {"type": "string"}


def _object(members: dict[str, Any], *optional: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any keyword of a schema
    required = [name for name in members if name not in optional]
    return {"type": "object", **more, "required": required, "properties": members}


_PROBLEM: Final[dict[str, Any]] = {
    "type": {"type": "string", "format": "uri-reference", "description": "Where this kind of problem is explained."},
    "title": _TEXT,
    "status": {"type": "integer"},
    "detail": _TEXT,
    "code": {"type": "string", "description": "Never changes; what programs decide by."},
    "flaws": {"type": "array", "items": {"$ref": "#/components/schemas/Flaw"}},
}

COMPONENTS: Final[Mapping[str, dict[str, Any]]] = MappingProxyType(
    {
        "Facts": {
            "type": "object",
            "description": "Facts by their names in the rulebook. An absent or null fact is unknown.",
            "additionalProperties": True,
        },
        "Assessment": _object(
            {
                "rulebook": _object({"id": _TEXT, "edition": _TEXT, "sha256": _TEXT}),
                "facts_sha256": _TEXT,
                "outcome": _OUTCOME,
                "best_possible": _OUTCOME,
                "worst_possible": _OUTCOME,
                "category": _object({"id": {"type": ["string", "null"]}, "provisional": {"type": "boolean"}}),
                "reasons": _OBJECTS,
                "score": _OBJECT,
                "gates": _OBJECTS,
                "criteria": _OBJECTS,
                "unknown": _OBJECTS,
                "derived": _OBJECT,
                "action_plan": _OBJECTS,
            },
            description="Outcome, score, and every gate and criterion with what it read and why. Figures are exact.",
        ),
        "Flaw": _object({"pointer": {"type": "string", "format": "json-pointer"}, "code": _TEXT, "because": _TEXT}),
        "Problem": _object({**_PROBLEM, "request_id": _TEXT}, "flaws"),
        "ItemProblem": _object(_PROBLEM),
    }
)
