"""Schemas written out: of contents that are JSON text in and out, and of problems."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from service.core.rules.assessment import GateState
from service.core.rules.model import Level, Outcome

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


_GATE: Final[dict[str, Any]] = _object(
    {
        "id": _TEXT,
        "state": {"enum": [state.value for state in GateState]},
        "waived": {
            "type": "boolean",
            "description": "已予豁免 · only there, and true, where the gate is waived and does not count.",
        },
        "on_fail": _OUTCOME,
        "curable": {"type": "boolean"},
        "level": {"enum": [level.value for level in Level]},
        "reads": _OBJECT,
        "because": _TEXT,
        "cite": _OBJECTS,
    },
    "waived",
)
_VERIFIED: Final[dict[str, Any]] = _object(
    {
        "n": {"type": "integer"},
        "on": {"type": "string", "format": "date"},
        "waived": {"type": "array", "items": _TEXT},
        "masked": {
            "type": "array",
            "items": _object(
                {
                    "fact": _TEXT,
                    "needs": _TEXT,
                    "state": _TEXT,
                    "paper": {"type": ["integer", "null"]},
                    "because": _TEXT,
                }
            ),
        },
    },
    description="Only with `verified_only`: the version and the day, and which facts do not count and why.",
)
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
                "gates": {"type": "array", "items": _GATE},
                "criteria": _OBJECTS,
                "unknown": _OBJECTS,
                "derived": _OBJECT,
                "action_plan": _OBJECTS,
                "verified": _VERIFIED,
            },
            "verified",
            description="Outcome, score, and every gate and criterion with what it read and why. Figures are exact.",
        ),
        "Flaw": _object(
            {
                "pointer": {"type": "string", "format": "json-pointer"},
                "code": _TEXT,
                "because": _TEXT,
                "line": {"type": "integer", "description": "行 · only of a text with lines: a rules file."},
                "column": {"type": "integer", "description": "列"},
                "cell": {"type": "string", "description": "单元格 · only of a table: `sheet!C5`."},
            },
            "line",
            "column",
            "cell",
        ),
        "Problem": _object({**_PROBLEM, "request_id": _TEXT}, "flaws"),
        "ItemProblem": _object(_PROBLEM),
    }
)
