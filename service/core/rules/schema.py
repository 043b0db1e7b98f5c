"""The JSON Schema (draft-07) of a rules file, for editors: every key, what it may hold, and words on it.

It is made from the keys and patterns that the readers use. What it cannot know (names that do not exist, expressions,
units, ids given twice) is for ``check``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from service.core.rules import shapes
from service.core.rules.assessment import GateState
from service.core.rules.model import FactType, Grade, Level, Outcome
from service.core.rules.reading import keys
from service.core.rules.reading.keys import Keys
from service.core.rules.shapes import Shape
from service.core.rules.voting import ShareOf, Tie

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_FORMAT: Final[Shape] = {"const": 1}


def schema_text(words: Mapping[str, Mapping[str, str]]) -> str:
    """Write the schema; ``words`` are those of the section ``keys``, language, then code, then sentence."""
    return json.dumps(schema(words), ensure_ascii=False, indent=1) + "\n"


def schema(words: Mapping[str, Mapping[str, str]]) -> Shape:
    """Give the schema. Raises ``KeyError`` where a key of the loader has no shape or no words."""
    described = _Schema(words)
    return {"$schema": _DRAFT, "title": described.said("file"), **described.file()}


@dataclass(frozen=True, slots=True)
class _Schema:
    words: Mapping[str, Mapping[str, str]]

    def said(self, code: str) -> str:
        return " / ".join(f"{language} {codes[code]}" for language, codes in self.words.items())

    def table(self, name: str, its: Keys, given: Mapping[str, Shape]) -> dict[str, Any]:
        """Give the shape of a table with these keys, each with its words."""
        required, optional = (part.split() for part in its)
        properties = {key: {"description": self.said(f"{name}.{key}"), **given[key]} for key in (*required, *optional)}
        needs = {"required": required} if required else {}
        return {"type": "object", "properties": properties, "additionalProperties": False, **needs}

    def one_of(self, words: type[StrEnum], *without: StrEnum) -> Shape:
        """Give the shape of a word of an enumeration, with what each means."""
        codes = shapes.one_word(words, *without)
        group = words.__name__.lower()
        return {"enum": list(codes), "enumDescriptions": [self.said(f"{group}.{code}") for code in codes]}

    def file(self) -> Shape:
        given = {
            "rulebook": self.rulebook(),
            "sources": shapes.table_of(self.source(), shapes.LABELLED),
            "parameters": shapes.table_of(self.parameter(), shapes.NAMED),
            "profiles": shapes.table_of(shapes.table_of(shapes.CONSTANT), shapes.LABELLED),
            "facts": shapes.table_of(self.fact(), shapes.NAMED),
            "derived": shapes.table_of(self.derived(), shapes.NAMED),
            "gates": shapes.listed(self.gate()),
            "categories": shapes.listed(self.category(), least=1),
            "dimensions": shapes.table_of(self.dimension(), shapes.NAMED),
            "criteria": shapes.listed(self.criterion()),
            "decision": self.decision(),
            "action_plan": self.action_plan(),
            "bylaws": self.bylaws(),
            "cases": shapes.listed(self.case()),
        }
        return self.table("file", keys.FILE, given)

    def rulebook(self) -> Shape:
        given = {
            "id": shapes.LABELLED,
            "edition": shapes.TEXT,
            "format": _FORMAT,
            "title": self.both(),
            "in_force_from": shapes.DATE,
            "profile": shapes.TEXT_OR_NULL,
        }
        return self.table("rulebook", keys.RULEBOOK, given)

    def both(self) -> Shape:
        return self.table("words", keys.WORDS, {"zh": shapes.TEXT, "en": shapes.TEXT})

    def source(self) -> Shape:
        given = {
            "title": self.both(),
            "level": self.one_of(Level),
            "in_force_from": shapes.DATE_OR_NULL,
            "in_force_until": shapes.DATE_OR_NULL,
            "confirmed": shapes.BOOLEAN,
        }
        return self.table("source", keys.SOURCE, given)

    def cite(self) -> Shape:
        given = {"source": shapes.TEXT, "article": shapes.TEXT}
        return shapes.listed(self.table("citation", keys.CITATION, given))

    def parameter(self) -> Shape:
        given = {"value": shapes.CONSTANT, "label": self.both(), "unit": shapes.TEXT, "cite": self.cite()}
        counts = {"unit": {"properties": {"value": shapes.COUNTED}}}
        return {**self.table("parameter", keys.PARAMETER, given), "dependencies": counts}

    def fact(self) -> Shape:
        given = {**self.stated(), "required": shapes.BOOLEAN, "asked_when": shapes.EXPRESSION}
        fields = shapes.table_of(self.field(), shapes.NAMED, least=1)
        given |= {"type": self.one_of(FactType), "evidence": self.one_of(Grade), "of": fields}
        return {**self.table("fact", keys.FACT, given), "allOf": [_only(kind, keys.OF_A_TYPE) for kind in FactType]}

    def field(self) -> Shape:
        given = {**self.stated(), "type": self.one_of(FactType, FactType.LIST)}
        rules = [_only(kind, f"{keys.NUMBERS} choices") for kind in FactType if kind is not FactType.LIST]
        return {**self.table("fact", keys.FIELD, given), "allOf": rules}

    def stated(self) -> dict[str, Shape]:
        """Give what a fact and a field of a list have in common."""
        limits = dict.fromkeys(keys.NUMBERS.split(), shapes.NUMBER)
        return {
            **limits,
            "unit": shapes.TEXT,
            "decimals": shapes.DECIMALS,
            "choices": shapes.table_of(self.both(), least=1),
            "group": shapes.TEXT,
            "label": self.both(),
            "help": self.both(),
        }

    def derived(self) -> Shape:
        given = {
            "value": shapes.EXPRESSION,
            "label": self.both(),
            "unit": shapes.TEXT,
            "decimals": shapes.DECIMALS,
        }
        return self.table("derived", keys.DERIVED, given)

    def gate(self) -> Shape:
        given = {
            "id": shapes.NAMED,
            "label": self.both(),
            "applies_when": shapes.EXPRESSION,
            "fails_when": shapes.EXPRESSION,
            "on_fail": self.one_of(Outcome, Outcome.APPROVE),
            "curable": shapes.BOOLEAN,
            "cure": self.both(),
            "cite": self.cite(),
        }
        return self.table("gate", keys.GATE, given)

    def category(self) -> Shape:
        given = {
            "id": shapes.NAMED,
            "label": self.both(),
            "when": shapes.EXPRESSION,
            "otherwise": shapes.TRUE,
            "best_outcome": self.one_of(Outcome),
        }
        return {**self.table("category", keys.CATEGORY, given), **shapes.just_one("when", "otherwise")}

    def dimension(self) -> Shape:
        return self.table("dimension", keys.DIMENSION, {"weight": shapes.WEIGHT, "label": self.both()})

    def criterion(self) -> Shape:
        given = {
            "id": shapes.NAMED,
            "dimension": shapes.TEXT,
            "weight": shapes.WEIGHT,
            "label": self.both(),
            "applies_when": shapes.EXPRESSION,
            "value": shapes.EXPRESSION,
            "points": shapes.POINTS,
            "bands": shapes.listed(self.band(), least=1),
            "choices": shapes.table_of(shapes.SCORE),
            "score": shapes.EXPRESSION,
            "cite": self.cite(),
        }
        needs = {scale: ["value"] for scale in keys.SCALES if scale != "score"}
        table = self.table("criterion", keys.CRITERION, given)
        return {**table, **shapes.just_one(*keys.SCALES), "dependencies": needs}

    def band(self) -> Shape:
        given = {"score": shapes.SCORE, "at_least": shapes.NUMBER, "otherwise": shapes.TRUE}
        return {**self.table("band", keys.BAND, given), **shapes.just_one("at_least", "otherwise")}

    def decision(self) -> Shape:
        mark = self.table("mark", keys.MARK, {"total": shapes.SCORE, "each_dimension": shapes.SCORE})
        completeness = {"at_least": shapes.SCORE, "otherwise": self.one_of(Outcome)}
        given = {
            "decimals": shapes.DECIMALS,
            **dict.fromkeys(keys.MARKS, mark),
            "completeness": self.table("completeness", keys.COMPLETENESS, completeness),
        }
        return self.table("decision", keys.DECISION, given)

    def action_plan(self) -> Shape:
        given = {"id": shapes.NAMED, "text": self.both(), "due": shapes.DUE_BY, "when": shapes.EXPRESSION}
        conditions = shapes.listed(self.table("condition", keys.CONDITION, given))
        return self.table("action_plan", keys.ACTION_PLAN, {"below": shapes.SCORE, "always": conditions})

    def bylaws(self) -> Shape:
        roles = {**shapes.listed(shapes.LABELLED, least=1), "uniqueItems": True}
        given = {
            "seats": self.table("seats", keys.SEATS, {"voting_roles": roles}),
            "quorum": self.share(),
            "pass": self.share(),
            "oppose_is_veto": shapes.BOOLEAN,
            "abstentions_count_as_present": shapes.BOOLEAN,
            "tie": self.one_of(Tie),
            "override": self.override(),
        }
        table = self.table("bylaws", keys.BYLAWS, given)
        return {**table, "required": [], "if": {"minProperties": 1}, "then": {"required": table["required"]}}

    def share(self) -> Shape:
        given = {"of": self.one_of(ShareOf), **dict.fromkeys(keys.SHARE_OF, shapes.FRACTIONAL)}
        return {**self.table("share", keys.SHARE, given), **shapes.just_one(*keys.SHARE_OF)}

    def override(self) -> Shape:
        levels = shapes.listed(self.one_of(Level))
        given = {"needs": self.share(), "reason_required": shapes.BOOLEAN, "forbidden_for_levels": levels}
        return self.table("override", keys.OVERRIDE, given)

    def case(self) -> Shape:
        stated = shapes.table_of(shapes.ANYTHING)
        given = {"name": shapes.TEXT, "expect": self.expect(), "facts": stated, "like": shapes.TEXT, "with": stated}
        return {**self.table("case", keys.CASE, given), **shapes.just_one("facts", "like")}

    def expect(self) -> Shape:
        names, scores = shapes.listed(shapes.TEXT), shapes.table_of(shapes.SCORE_OR_NULL)
        given = {
            "outcome": self.one_of(Outcome),
            "failed_gates": names,
            "gates": shapes.table_of(self.one_of(GateState)),
            "category": shapes.TEXT,
            "total": shapes.SCORE_OR_NULL,
            "dimensions": scores,
            "criteria": scores,
            "derived": shapes.table_of(shapes.ANYTHING),
            "completeness": shapes.SCORE,
            "unknown": names,
            "action_plan": names,
        }
        return self.table("expect", keys.EXPECT, given)


def _only(kind: FactType, of_a_type: str) -> Shape:
    """Refuse the keys that another type of fact has, and ask for the one that this type must have."""
    own = keys.OF_TYPE.get(kind, "").split()
    then: dict[str, Any] = {"properties": {key: False for key in of_a_type.split() if key not in own}}
    if kind is FactType.INTEGER:
        then["properties"]["decimals"] = {"maximum": 0}
    needed = [key for key in keys.NEEDED if key in own]
    if needed:
        then["required"] = needed
    return {"if": {"properties": {"type": {"const": kind.value}}, "required": ["type"]}, "then": then}
