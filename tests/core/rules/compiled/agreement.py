"""What the compiled form of a rulebook must agree on with the plain modules."""

from collections.abc import Mapping

from service import words
from service.core.errors import Flaw, InvalidError
from service.core.rules import assess, facts, report
from service.core.rules.compiled.rulebook import CompiledRulebook, Explained
from service.core.rules.facts import Facts
from service.core.rules.model import Rulebook
from service.core.values import Json

WORDS = words.sections("assessment")


def compiled(rulebook: Rulebook) -> CompiledRulebook:
    return CompiledRulebook(rulebook, WORDS)


def agree(form: CompiledRulebook, rulebook: Rulebook, raw: Mapping[str, Json]) -> None:
    """Read, decide, assess and explain the same facts both ways."""
    given, flaws = read(rulebook, raw)
    assert _compiled_read(form, raw) == (given, flaws)
    if given is None:
        return
    said = assess.assess(rulebook, given)
    decided = form.decide(given)
    assert form.assess(given) == said
    assert (decided.outcome, decided.category, decided.total) == (said.outcome, said.category, said.score.total)
    assert decided.gates == tuple(gate.state for gate in said.gates)
    assert decided.dimensions == tuple(dimension.score for dimension in said.score.dimensions.values())
    assert decided.completeness == said.score.completeness
    reports = {language: report.report(rulebook, said, WORDS, language) for language in WORDS}
    assert {language: form.explain(given, language) for language in WORDS} == reports
    assert form.explain_in_each(given) == Explained(decided, reports)
    required = tuple(name for name in form.missing(given) if rulebook.facts[name].required)
    assert required == assess.unanswered(rulebook, given)


def read(rulebook: Rulebook, raw: Mapping[str, Json]) -> tuple[Facts | None, tuple[Flaw, ...]]:
    try:
        return facts.read(rulebook, raw), ()
    except InvalidError as error:
        return None, error.flaws


def _compiled_read(form: CompiledRulebook, raw: Mapping[str, Json]) -> tuple[Facts | None, tuple[Flaw, ...]]:
    try:
        return form.read(raw), ()
    except InvalidError as error:
        return None, error.flaws
