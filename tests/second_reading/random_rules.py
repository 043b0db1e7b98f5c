"""Whole rulebooks at random, from a seeded source, as plain data."""

from decimal import Decimal
from random import Random

from tests.second_reading.language import Plain
from tests.second_reading.random_expressions import Writer
from tests.second_reading.random_names import LITERALS, TEXTS, UNITS, Names

Entry = dict[str, Plain]

LEVELS = ("law", "regulation", "ministry", "province", "zone_policy")
OUTCOMES = ("conditional", "defer", "reject")
WEIGHTS = ("0.7", "3", "1", "9", "2.5", "0.3", "12", "5", "33.3", "0")
SCORES = ("0", "100", "100", "100", "60", "59.99", "30", "75", "80.5", "12.345", "5")
DUE = ("before_signing", "before_construction", "before_production", "24_months_after_production")
BYLAWS = {
    "seats": {"voting_roles": ["member", "chair"]},
    "quorum": {"of": "seats", "at_least": "2/3"},
    "pass": {"of": "votes_cast", "more_than": "1/2"},
    "oppose_is_veto": False,
    "abstentions_count_as_present": True,
    "tie": "chair",
    "override": {
        "needs": {"of": "seats", "at_least": "2/3"},
        "reason_required": True,
        "forbidden_for_levels": ["law"],
    },
}


def rulebook(seed: int) -> Entry:
    """Make up a rulebook without faults of form or meaning."""
    return _Draft(Random(seed)).whole()  # noqa: S311 - repeatable on purpose


def label(text: str) -> Entry:
    return {"zh": f"“{text}”", "en": text}


class _Draft:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.names = Names()
        self.facts: dict[str, Entry] = {}
        self.derived: dict[str, Entry] = {}

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def some(self, options: Plain) -> Plain:
        return self.random.choice(list(options))

    def figure(self, texts: tuple[str, ...] = LITERALS) -> Decimal:
        return Decimal(self.some(texts))

    def cite(self) -> list[Entry]:
        found = self.random.sample(LEVELS, self.random.randint(1, 2))
        return [{"source": level, **({"article": "8(1)"} if self.chance(0.5) else {})} for level in found]

    def boolean(self, depth: int = 2) -> str:
        return Writer(self.random, self.names).boolean(depth)[1]

    def number(self, unit: str, depth: int = 3) -> str:
        return Writer(self.random, self.names).number(unit, depth)[1]

    def whole(self) -> Entry:
        parameters = self.parameters()
        profile = {name: self.other(entry["value"]) for name, entry in parameters.items() if self.chance(0.3)}
        for step in range(self.random.randint(6, 16)):
            self.fact(f"f{step}")
            if step > 1 and self.chance(0.5):
                self.derive(f"d{step}")
        return {
            "rulebook": {
                "id": "made-up",
                "edition": "1",
                "format": 1,
                "title": label("made up"),
                "in_force_from": "2026-09-01",
                "profile": self.some(["here", None]),
            },
            "sources": {level: self.source(level) for level in LEVELS},
            "parameters": parameters,
            "profiles": {"here": profile, "there": {}},
            "facts": self.shuffled(self.facts),
            "derived": self.shuffled(self.derived),
            "gates": [self.gate(f"g{place}") for place in range(self.random.randint(0, 4))],
            **self.judged(),
            "bylaws": BYLAWS,
            "cases": [],
        }

    def judged(self) -> Entry:
        categories = [self.category(f"C{place}") for place in range(self.random.randint(0, 3))]
        categories.append({"id": "Z", "label": label("the rest"), **self.cap(), "otherwise": True})
        dimensions = {f"side{place}": self.dimension() for place in range(self.random.randint(1, 3))}
        criteria = [self.criterion(f"k{place}", self.some(dimensions)) for place in range(self.random.randint(1, 8))]
        marks = sorted((self.mark() for _ in range(3)), key=lambda mark: mark["total"], reverse=True)
        floors = sorted((mark["each_dimension"] for mark in marks), reverse=True)
        marks = [{"total": mark["total"], "each_dimension": floor} for mark, floor in zip(marks, floors, strict=True)]
        return {
            "categories": categories,
            "dimensions": dimensions,
            "criteria": criteria,
            "decision": {
                "decimals": self.random.randint(0, 4),
                **dict(zip(("approve", "conditional", "defer"), marks, strict=True)),
                "completeness": {"at_least": self.figure(("0", "50", "90", "100")), "otherwise": self.some(OUTCOMES)},
            },
            "action_plan": {
                "below": self.figure(("0", "60", "60", "100", "33.5", "75")),
                "always": [self.planned(f"a{place}", categories) for place in range(self.random.randint(0, 3))],
            },
        }

    def shuffled(self, entries: dict[str, Entry]) -> dict[str, Entry]:
        order = list(entries)
        if self.chance(0.5):
            self.random.shuffle(order)
        return {name: entries[name] for name in order}

    def source(self, level: str) -> Entry:
        dates = {"in_force_from": "2020-01-01", "in_force_until": None}
        return {"title": label(level), "level": level, **dates, "confirmed": True}

    def parameters(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for place, unit in enumerate(UNITS):
            found[f"p{place}"] = {"value": self.figure(), **({"unit": unit} if unit != "1" else {})}
            self.names.numbers[f"p{place}"] = unit
        unit = self.some(UNITS)
        found["numbers"] = {"value": [self.figure() for _ in range(self.random.randint(1, 3))], "unit": unit}
        found["codes"] = {"value": self.random.sample(TEXTS, self.random.randint(0, 3))}
        found["holds"] = {"value": self.chance(0.5)}
        self.names.number_lists["numbers"] = unit
        self.names.text_lists.append("codes")
        self.names.booleans.append("holds")
        return {name: entry | {"label": label(name), "cite": self.cite()} for name, entry in found.items()}

    def other(self, value: Plain) -> Plain:
        """Another value of the same type."""
        if isinstance(value, list):
            return value[1:] or value
        return not value if isinstance(value, bool) else self.figure()

    def fact(self, name: str) -> None:
        kind = self.some(
            ["number"] * 5
            + ["integer", "boolean", "boolean", "choice", "choice", "text", "date", "date", "list", "list"]
        )
        entry: Entry = {"type": kind, **self.declared(kind), "label": label(name), "group": "one"}
        if kind == "list":
            entry["of"] = {
                "amount": {"type": "number", **self.declared("number"), "label": label("amount")},
                "year": {"type": "integer", "min": 1, "max": 10, "label": label("year")},
                "kind": {"type": "choice", **self.declared("choice"), "label": label("kind")},
                "paid": {"type": "boolean", "label": label("paid")},
                "since": {"type": "date", "label": label("since")},
            }
        if self.names.presentable and self.chance(0.4):
            entry["asked_when"] = self.boolean()
        entry["required"] = self.chance(0.5)
        self.facts[name] = entry
        self.names.add(name, entry)
        self.names.presentable.append(name)

    def declared(self, kind: str) -> Entry:
        if kind == "choice":
            kept = self.random.sample(["new", "old", "甲", "none", "no"], self.random.randint(2, 4))
            return {"choices": {one: label(one) for one in kept}}
        if kind not in {"number", "integer"}:
            return {}
        unit = self.some(UNITS)
        found: Entry = {"unit": unit} if unit != "1" or self.chance(0.3) else {}
        found |= self.some(
            [{"min": 0}, {"min": 0, "max": 1000}, {"min_exclusive": 0}, {"min": -50, "max_exclusive": 200}]
        )
        return found | ({"decimals": self.random.randint(0, 4)} if kind == "number" and self.chance(0.8) else {})

    def derive(self, name: str) -> None:
        kind = self.some(["number"] * 5 + ["boolean", "boolean", "text"])
        entry: Entry = {"value": self.boolean(3)}
        if kind == "text":
            first, second = (f'"{text}"' for text in self.random.sample(TEXTS[:5], 2))
            entry = {"value": f"{self.bracketed()} ? {first} : {second}"}
        if kind == "number":
            unit = self.some(UNITS)
            entry = {"value": self.number(unit), "unit": unit}
            entry |= {"decimals": self.random.randint(0, 6)} if self.chance(0.7) else {}
        self.derived[name] = entry | {"label": label(name)}
        self.names.add(name, {"type": kind, **entry})
        self.names.presentable.append(name)

    def bracketed(self) -> str:
        return f"({self.boolean()})"

    def applies(self, share: float) -> Entry:
        return {"applies_when": self.boolean()} if self.chance(share) else {}

    def gate(self, name: str) -> Entry:
        return {
            "id": name,
            "label": label(name),
            **self.applies(0.5),
            "fails_when": self.boolean(3),
            "on_fail": self.some(OUTCOMES),
            "curable": self.chance(0.5),
            "cure": label("cure"),
            "cite": self.cite(),
        }

    def cap(self) -> Entry:
        return {"best_outcome": self.some(["approve", "conditional", "defer"])} if self.chance(0.5) else {}

    def category(self, name: str) -> Entry:
        return {"id": name, "label": label(name), "when": self.boolean(), **self.cap()}

    def dimension(self) -> Entry:
        return {"weight": self.figure(("50", "50", "30", "0.7", "3", "0")), "label": label("side")}

    def mark(self) -> Entry:
        return {
            "total": self.figure(("75", "60", "45", "30", "50.25", "20", "10")),
            "each_dimension": self.figure(("60", "50", "30", "0", "0", "20.5")),
        }

    def criterion(self, name: str, dimension: str) -> Entry:
        scale = self.some([self.points, self.points, self.points, self.bands, self.by_choice, self.formula])()
        weight = self.figure(WEIGHTS)
        start = {"id": name, "dimension": dimension, "weight": weight, "label": label(name)}
        return {**start, **self.applies(0.4), **scale, "cite": self.cite()}

    def value(self) -> str:
        depth = 0 if self.chance(0.6) else 2
        return self.number(Writer(self.random, self.names).any_unit(), depth)

    def score(self) -> Decimal:
        return self.figure(SCORES)

    def points(self) -> Entry:
        at = sorted({self.figure() for _ in range(self.random.randint(2, 5))})
        if len(at) < 2:
            at = [Decimal(-1), *at]
        scores = [self.score() for _ in at]
        if self.chance(0.6):
            scores.sort(reverse=self.chance(0.5))
        return {"value": self.value(), "points": [list(point) for point in zip(at, scores, strict=True)]}

    def bands(self) -> Entry:
        marks = sorted({self.figure() for _ in range(self.random.randint(1, 4))}, reverse=True)
        found: list[Entry] = [{"at_least": mark, "score": self.score()} for mark in marks]
        return {"value": self.value(), "bands": [*found, {"otherwise": True, "score": self.score()}]}

    def by_choice(self) -> Entry:
        if not self.names.choices:
            return self.points()
        name = self.some(self.names.choices)
        value = f"{self.bracketed()} ? {name} : {name}" if self.chance(0.2) else name
        return {"value": value, "choices": {choice: self.score() for choice in self.names.choices[name]}}

    def formula(self) -> Entry:
        other = [*self.names.booleans, *self.names.choices, *self.names.texts, *self.names.dates]
        shown = self.some([None, None, self.value(), self.some(other)])
        return {**({} if shown is None else {"value": shown}), "score": self.number("1")}

    def planned(self, name: str, categories: list[Entry]) -> Entry:
        when: Entry = {"when": self.boolean()} if self.chance(0.7) else {}
        if self.chance(0.4):
            when = {"when": f'category == "{self.some(categories)["id"]}" || {self.bracketed()}'}
        return {"id": name, **when, "text": label(name), "due": self.some(DUE)}
