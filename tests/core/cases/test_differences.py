from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import words
from service.core.cases.differences import Change, Kind, Version, differences
from service.core.rules.engine import Engine
from service.core.rules.load import load
from service.core.values import Json, read_json, write_json
from tests import make

ROOT = Path(__file__).parents[3]


def engine(source: bytes) -> Engine:
    rulebook = load(source).rulebook
    assert rulebook is not None
    return Engine(rulebook, words.sections("assessment"))


SMALL = engine(make.edition())


def version(facts: dict[str, Json], by: Engine = SMALL) -> Version:
    report = read_json(by.report(by.assess(by.read(facts)), "zh"))
    assert isinstance(report, dict)
    return Version(facts, report)


def fact_changes(before: dict[str, Json], after: dict[str, Json]) -> list[tuple[str, str, Json, Json]]:
    same = version(make.facts()).report
    found = differences(Version(before, same), Version(after, same))
    assert (found.results, found.gates, found.criteria) == ((), (), ())
    return [(change.at, change.kind.value, change.before, change.after) for change in found.facts]


def test_a_version_does_not_differ_from_itself() -> None:
    found = differences(version(make.facts()), version(make.facts(output=Decimal("80.5"))))
    assert (found.facts, found.results, found.gates, found.criteria) == ((), (), (), ())


def test_facts_are_added_removed_and_changed_and_null_is_not_there() -> None:
    one, two, three, true = Decimal(1), Decimal(2), Decimal(3), True
    before: dict[str, Json] = {"a": one, "b": one, "c": None, "d": "x", "e": one, "f": None}
    after: dict[str, Json] = {"d": "y", "a": one, "c": two, "e": true, "g/h": three}
    assert fact_changes(before, after) == [
        ("/d", "changed", "x", "y"),
        ("/c", "added", None, two),
        ("/e", "changed", one, True),
        ("/g~1h", "added", None, three),
        ("/b", "removed", one, None),
    ]


def test_lists_are_compared_record_by_record() -> None:
    def record(year: int, **more: Json) -> Json:
        return {"year": Decimal(year), **more}

    before: list[Json] = [record(2026, sum=Decimal(1)), record(2027), record(2028)]
    after: list[Json] = [record(2025), record(2026, sum=Decimal("1.0"), note=None), record(2027, sum=Decimal(5))]
    assert fact_changes({"incentives": before}, {"incentives": after}) == [
        ("/incentives/0", "added", None, {"year": Decimal(2025)}),
        ("/incentives/2/sum", "added", None, Decimal(5)),
        ("/incentives/2", "removed", {"year": Decimal(2028)}, None),
    ]


def test_a_list_that_was_not_known_is_not_one_without_records() -> None:
    assert fact_changes({}, {"incentives": []}) == [("/incentives", "added", None, [])]
    assert fact_changes({"incentives": []}, {"incentives": None}) == [("/incentives", "removed", [], None)]


def test_what_an_assessment_came_to_is_compared_figure_by_figure() -> None:
    found = differences(version(make.facts()), version(make.facts(output=Decimal(50), water=Decimal(200_000))))
    assert {(change.at, change.before, change.after) for change in found.results} >= {
        ("/outcome", "approve", "reject"),
        ("/category/id", "B", "A"),
        ("/score/total", Decimal("80.5"), Decimal(50)),
        ("/score/dimensions/quality/score", Decimal("80.5"), Decimal(50)),
    }
    assert "/rulebook/sha256" not in {change.at for change in found.results}
    (gate,) = found.gates
    assert isinstance(gate.before, dict)
    assert isinstance(gate.after, dict)
    assert (gate.at, gate.before["state"], gate.after["state"]) == ("too_thirsty", "pass", "fail")
    (criterion,) = found.criteria
    assert isinstance(criterion.after, dict)
    assert (criterion.at, criterion.after["value"], criterion.after["score"]) == ("output", Decimal(50), Decimal(50))


def test_what_only_one_edition_has_was_added_or_removed() -> None:
    other = (
        make.edition("2").replace(b"id: too_thirsty", b"id: thirsty").replace(b"  - id: output\n", b"  - id: yield\n")
    )
    found = differences(version(make.facts()), version(make.facts(), engine(other)))
    assert [(change.at, change.kind) for change in found.gates] == [
        ("thirsty", Kind.ADDED),
        ("too_thirsty", Kind.REMOVED),
    ]
    assert [(change.at, change.kind) for change in found.criteria] == [("yield", Kind.ADDED), ("output", Kind.REMOVED)]
    assert [change.at for change in found.results] == ["/rulebook/sha256"]


@pytest.mark.parametrize("name", ["a01-robot-reducers", "a03-lithium-cells"])
def test_every_example_can_be_compared_with_another_by_the_default_rules(name: str) -> None:
    rules = engine((ROOT / "rules.yaml").read_bytes())
    facts = [read_json((ROOT / "examples" / f"{found}.json").read_bytes()) for found in (name, "a08-paper-filters")]
    before, after = (
        version(one["facts"], rules) for one in facts if isinstance(one, dict) and isinstance(one["facts"], dict)
    )
    found = differences(before, after)
    assert found.facts
    assert found.criteria
    back = differences(after, before)
    assert {(c.at, c.before, c.after) for c in back.results} == {(c.at, c.after, c.before) for c in found.results}


scalars = st.none() | st.booleans() | st.decimals(-5, 5, places=1) | st.sampled_from(["a", "b"])
records = st.dictionaries(st.sampled_from("xyz"), scalars, max_size=3)
facts = st.dictionaries(st.sampled_from("abcd/~"), scalars | st.lists(records, max_size=5), max_size=5)


def applied(before: Json, changes: list[Change]) -> Json:
    """A naive reading of changes: carried out on the earlier facts, the removed records first."""
    found = read_json(write_json(before))
    assert isinstance(found, dict)
    gone = [change for change in changes if change.kind is Kind.REMOVED and len(parts(change.at)) == 2]
    for change in sorted(gone, key=lambda change: -int(parts(change.at)[1])):
        listed = found[parts(change.at)[0]]
        assert isinstance(listed, list)
        del listed[int(parts(change.at)[1])]
    for change in changes:
        if change not in gone:
            carry_out(found, parts(change.at), change.after)
    return found


def carry_out(found: Json, path: list[str], after: Json) -> None:
    for part in path[:-1]:
        found = found[int(part)] if isinstance(found, list) else found[part]  # type: ignore[index]  # it is there
    if isinstance(found, list):
        found.insert(int(path[-1]), after)
    elif isinstance(found, dict):
        found[path[-1]] = after


def parts(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def plain(value: Json) -> Json:
    """The value without what is null."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if item is not None}
    return [plain(item) for item in value] if isinstance(value, list) else value


def typed(value: Json) -> object:
    if isinstance(value, dict):
        return {name: typed(item) for name, item in value.items()}
    return [typed(item) for item in value] if isinstance(value, list) else (type(value), value)


@given(facts, facts)
def test_the_earlier_facts_with_every_change_are_the_later_ones(
    before: dict[str, Json], after: dict[str, Json]
) -> None:
    same = version(make.facts()).report
    changes = list(differences(Version(before, same), Version(after, same)).facts)
    assert typed(plain(applied(before, changes))) == typed(plain(after))
