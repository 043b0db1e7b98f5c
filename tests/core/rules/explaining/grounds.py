"""What a sentence of an explanation may say: texts and figures of the report and of the rules file it is about.

Taken from the JSON of the report and the plain YAML of the file, not from what the sentences are made of.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.core.rules.explaining.shapes import About, Saying
from service.core.values import number_text

Plain = Any

# What units are called that are no symbols in both languages.
UNITS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "万元/a": "万元/年",
        "万元/亩/a": "万元/亩/年",
        "万元/a/亩": "万元/亩/年",
        "万元/人/a": "万元/人/年",
        "万元/a/人": "万元/人/年",
        "月": "个月",
        "万m3/a": "万m3/年",
    },
    "en": {
        "万元": "× 10k yuan",
        "万元/a": "× 10k yuan/year",
        "万元/亩": "× 10k yuan/mu",
        "万元/亩/a": "× 10k yuan/mu/year",
        "万元/a/亩": "× 10k yuan/mu/year",
        "万元/人/a": "× 10k yuan/person/year",
        "万元/a/人": "× 10k yuan/person/year",
        "亩": "mu",
        "人": "people",
        "月": "months",
        "m2/亩": "m2/mu",
        "万m3/a": "× 10k m3/year",
        "m3/万元": "m3 per 10k yuan",
        "kg/万元": "kg per 10k yuan",
        "tce/万元": "tce per 10k yuan",
        "tCO2/万元": "tCO2 per 10k yuan",
    },
}

_WORD = re.compile(r"[A-Za-z_]\w*")
_NEXT = {"conditional": "approve", "defer": "conditional", "reject": "defer", "approve": "approve"}


def strings(value: Plain) -> Iterator[str]:
    """Every text and number in JSON or YAML, numbers as they are written."""
    if isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from strings(item)
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        yield number_text(Decimal(value))
    elif value is not None and not isinstance(value, bool):
        yield str(value)


@dataclass(frozen=True)
class Grounds:
    """A report and its rules file, for one language."""

    report: Mapping[str, Plain]
    rules: Mapping[str, Plain]
    language: str
    _found: dict[tuple[About, str], frozenset[str]] = field(default_factory=dict, init=False)

    def of(self, saying: Saying) -> frozenset[str]:
        """What a sentence may say, less outcomes."""
        place = saying.about, saying.id
        if place not in self._found:
            self._found[place] = frozenset(strings(list(getattr(self, f"_{saying.about}")(saying.id))))
        return self._found[place]

    def outcomes(self, saying: Saying) -> set[str]:
        """Which outcomes a sentence may name."""
        report, score = self.report, self.report["score"]["outcome"]
        if saying.about is About.OUTCOME:
            return {report["outcome"], report["best_possible"], report["worst_possible"]}
        if saying.about is About.CAUSE:
            own = {reason["outcome"] for reason in report["reasons"] if reason["code"] == saying.id}
            return own | ({score, _NEXT[score]} if saying.id == "score" else set())
        if saying.about in {About.SCORE, About.DIMENSION}:
            return {_NEXT[score]}
        if saying.about is About.GATE:
            gate = self.result("gates", saying.id)
            return (
                set()
                if "waived" in gate
                else {"fail": {gate["on_fail"]}, "unknown": {"defer"}}.get(gate["state"], set())
            )
        return set()

    def result(self, section: str, name: str) -> Mapping[str, Plain]:
        """A gate or criterion of the report."""
        (found,) = (one for one in self.report[section] if one["id"] == name)
        return {key: value for key, value in found.items() if key != "because"}

    def rule(self, section: str, name: str) -> Mapping[str, Plain]:
        """The same in the rules file."""
        (found,) = (one for one in self.rules[section] if one["id"] == name)
        return dict(found)

    def cited(self, rule: Mapping[str, Plain]) -> list[tuple[str, list[str], str, bool]]:
        """What a rule cites: title, articles, level, whether it is confirmed; each source once."""
        sources = self.rules["sources"]
        articles: dict[str, list[str]] = {}
        for each in rule["cite"]:
            articles.setdefault(each["source"], []).extend([each["article"]] if each.get("article") else [])
        return [
            (self._said(sources[name]["title"]), found, sources[name]["level"], sources[name]["confirmed"])
            for name, found in articles.items()
        ]

    def choice(self, criterion: str, value: Plain) -> str:
        """What a choice is called that a criterion scores; nothing for another value."""
        choices = self.rules["facts"].get(self.rule("criteria", criterion).get("value"), {}).get("choices", {})
        return self._said(choices[value]) if value in choices else ""

    def missing(self, reads: Iterable[str]) -> list[str]:
        """The labels of facts that are read and not known."""
        unknown = {item["fact"] for item in self.report["unknown"]}
        return [self._said(self.rules["facts"][name]["label"]) for name in reads if name in unknown]

    def _said(self, words: Mapping[str, str]) -> str:
        return words[self.language]

    def _unit(self, entry: Mapping[str, Plain]) -> str:
        """How a unit is called; one that has no name is its symbol."""
        symbol = entry.get("unit", "")
        return UNITS[self.language].get(symbol, symbol)

    def _named(self, text: str | None) -> Iterator[Plain]:
        """The text of an expression, and of the names in it the labels, units and values."""
        yield text
        for name in _WORD.findall(text or ""):
            profile = self.rules.get("profiles", {}).get(self.rules["rulebook"].get("profile"), {})
            for section in ("facts", "derived", "parameters"):
                entry = self.rules.get(section, {}).get(name)
                if entry is not None:
                    value = profile.get(name, entry["value"]) if section == "parameters" else None
                    yield [self._said(entry["label"]), self._unit(entry), self.report["derived"].get(name), value]

    def _reads(self, reads: Mapping[str, Plain]) -> Iterator[Plain]:
        for name, value in reads.items():
            fact = self.rules["facts"][name]
            choice = fact["choices"][value] if "choices" in fact and value is not None else None
            yield [name, self._said(fact["label"]), self._unit(fact), value, choice and self._said(choice)]

    def _rule(self, section: str, name: str) -> Iterator[Plain]:
        rule, result = self.rule(section, name), self.result(section, name)
        yield self._said(rule["label"])
        for key in ("applies_when", "fails_when", "value", "score"):
            yield from self._named(rule.get(key))
        yield from self._reads(result["reads"])
        for title, articles, *_ in self.cited(rule):
            yield [title, articles]

    def _gate(self, name: str) -> Iterator[Plain]:
        rule, result = self.rule("gates", name), self.result("gates", name)
        yield from self._rule("gates", name)
        if result["state"] == "fail" and "waived" not in result and "cure" in rule:
            yield self._said(rule["cure"])

    def _criterion(self, name: str) -> Iterator[Plain]:
        rule, result = self.rule("criteria", name), self.result("criteria", name)
        yield from self._rule("criteria", name)
        yield [self._unit(result), *(result[key] for key in ("value", "score", "weight", "contribution"))]
        yield [rule.get("points"), rule.get("bands"), list(rule.get("choices", {}).values())]
        fact = self.rules["facts"].get(rule.get("value"), {})
        yield [self._said(words) for words in fact.get("choices", {}).values()]
        yield [self.rules["action_plan"]["below"]]
        yield [[item.get("target"), item["due"]] for item in self.report["action_plan"] if item["id"] == name]

    def _outcome(self, _name: str) -> Iterator[Plain]:
        yield len(self.report["unknown"])

    def _cause(self, name: str) -> Iterator[Plain]:
        states = {"gate_failed": "fail", "gate_unknown": "unknown"}
        gates = [gate for gate in self.report["gates"] if gate["state"] == states.get(name)]
        waived = sum("waived" in gate for gate in gates)
        yield [len(gates) - waived, waived, [self._said(self.rule("gates", gate["id"])["label"]) for gate in gates]]
        if name == "category_cap":
            yield self._category()
        if name == "score":
            yield list(self._score(name))
            yield [list(self._dimension(dimension)) for dimension in self.report["score"]["dimensions"]]
        if name == "incomplete":
            yield [self.report["score"]["completeness"], self.rules["decision"]["completeness"]["at_least"]]

    def _score(self, _name: str) -> Iterator[Plain]:
        score = self.report["score"]
        yield [score[key] for key in ("total", "lowest", "highest", "known_only", "completeness")]
        yield [self.rules["decision"]["completeness"]["at_least"], self._mark()]

    def _dimension(self, name: str) -> Iterator[Plain]:
        yield [self.report["score"]["dimensions"][name], self._mark()]
        yield self._said(self.rules["dimensions"][name]["label"])

    def _mark(self) -> Plain:
        return self.rules["decision"][_NEXT[self.report["score"]["outcome"]]]

    def _category(self) -> str:
        return self._said(self.rule("categories", self.report["category"]["id"])["label"])

    def _fact(self, name: str) -> Iterator[Plain]:
        (item,) = (item for item in self.report["unknown"] if item["fact"] == name)
        yield [name, self._said(self.rules["facts"][name]["label"]), item["weight_at_stake"]]
        yield [self._said(self.rule("gates", gate)["label"]) for gate in item["gates"]]

    def _condition(self, name: str) -> Iterator[Plain]:
        for item in self.report["action_plan"]:
            if item["id"] == name:
                yield [item.get("text"), item["due"], list(self._improvement(item))]

    def _improvement(self, item: Mapping[str, Plain]) -> Iterator[Plain]:
        if "metric" in item:
            rule, result = self.rule("criteria", item["id"]), self.result("criteria", item["id"])
            yield [self._said(rule["label"]), self._unit(result), item["now"], item["target"]]
            yield list(self._named(rule.get("value")))
            yield [self.choice(item["id"], item[key]) for key in ("now", "target")]

    def _source(self, name: str) -> Iterator[Plain]:
        source = self.rules["sources"][name]
        yield [self._said(source["title"]), source["in_force_from"], source["in_force_until"]]
        for rule in (*self.rules["gates"], *self.rules["criteria"]):
            if any(each["source"] == name for each in rule["cite"]):
                yield self._said(rule["label"])

    def _record(self, name: str) -> Iterator[Plain]:
        rulebook = [self._said(self.rules["rulebook"]["title"]), self.report["rulebook"]]
        yield {"rulebook": rulebook, "facts": self.report["facts_sha256"], "category": self._category()}[name]
