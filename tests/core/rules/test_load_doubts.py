"""Every fault is told at once: one hides another only where that may follow from it."""

import pytest

from service.core.rules.check import check
from tests import make

MARK = "\ufeff"
NAMES = {("profile_unknown", "shore"), ("unknown_name", "zz")}


def written(*changes: tuple[str, str], end: str = "") -> str:
    """A rules file without parameters, profiles and derived figures that names a profile and a fact it has not."""
    text = make.edition().decode()
    faulty = (("profile: null", "profile: shore"), ("water > 100000", "zz > 100000"))
    left_out = (("parameters: {}\n", ""), ("profiles: {}\n", ""), ("derived: {}\n", ""))
    for old, new in (*left_out, *faulty, *changes):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text + end


def fact(name: str) -> str:
    """A fact of that name."""
    return f"  {name}: {{type: number, group: project, label: {{zh: 数, en: Number}}}}\n"


def told(text: str) -> set[tuple[str, object]]:
    """What is told: each code, and the word that was found."""
    return {(fault.code, fault.figures.get("found")) for fault in check(text.encode())}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (written(), set()),
        (written(end="notes: hello\n"), {("key_unknown", "notes")}),
        (MARK + written(), {("byte_order_mark", None)}),
        (written(("gates:\n", "gates: &all\n")), {("yaml_anchor", None)}),
        (written(("below: 60", "below: !!int 60")), {("yaml_tag", None)}),
        (written(("below: 60", "below: *sixty")), {("yaml_alias", None)}),
        (written(("  below: 60", "\tbelow: 60")), {("yaml_tab", None)}),
        (written(end="bylaws: {}\n"), {("key_twice", "bylaws")}),
        (written(("decision:", "decison:")), {("key_unknown_meant", "decison")}),
        (written(("action_plan:", "cases_of_old:")), {("key_unknown", "cases_of_old"), ("key_missing", None)}),
    ],
    ids=["none", "notes", "mark", "anchor", "tag", "alias", "tab", "twice", "misspelt", "missing"],
)
def test_a_fault_elsewhere_hides_no_name_that_is_unknown(text: str, own: set[tuple[str, object]]) -> None:
    assert told(text) >= NAMES | own


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (written(end="paramters: {zz: {value: 1}}\n"), {"unknown_name"}),
        (written(end="Derived: {zz: {value: '1'}}\n"), {"unknown_name"}),
        (written(end="profile: {shore: {}}\n"), {"profile_unknown"}),
        (written(end="&all profiles: {shore: {}}\n"), {"unknown_name", "profile_unknown"}),
        (written(("gates:\n", "parameters: {zz: [}\ngates:\n")), {"unknown_name"}),
        (written(("gates:\n", "paramters: {zz: [}\ngates:\n")), {"unknown_name"}),
        (written(("gates:\n", 'derived: "\ngates:\n')), {"unknown_name"}),
        (written(end="".join(f"key_{index}: 1\n" for index in range(30))), {"unknown_name", "profile_unknown"}),
    ],
    ids=["parameters", "derived", "profiles", "anchor", "broken", "misspelt and broken", "quote", "very many"],
)
def test_a_name_is_not_called_unknown_that_may_stand_in_a_section_not_read(text: str, hidden: set[str]) -> None:
    codes = {code for code, _ in told(text)}
    assert codes.isdisjoint(hidden)
    assert {code for code, _ in NAMES} - hidden <= codes


def test_a_file_that_breaks_outside_of_any_line_of_its_own_calls_no_name_unknown() -> None:
    text = "{rulebook: {profile: shore}, sources: {}, parameters: {a: ]}"
    assert "profile_unknown" not in {code for code, _ in told(text)}


@pytest.mark.parametrize("used", ["t-x", "t_x", "tx", "T_X"])
@pytest.mark.parametrize("badly", ["t-x", "ｔ-ｘ"])
def test_a_badly_formed_name_hides_only_names_that_are_like_it(badly: str, used: str) -> None:
    found = told(written(("facts:\n", f"facts:\n{fact(badly)}"), ("zz > 100000", f"zz > {used} && lake > 1")))
    assert ("name_form", badly) in found
    assert {word for code, word in found if code.startswith("unknown_name")} == {"zz", "lake"}


def test_a_badly_formed_derived_figure_hides_only_names_that_are_like_it() -> None:
    derived = "derived:\n  2nd-share: {value: output, label: {zh: 份, en: Share}}\n"
    text = written(("gates:\n", f"{derived}gates:\n"), ("zz > 100000", "zz > nd_share"))
    assert {found for code, found in told(text) if code == "unknown_name"} == {"zz"}


def test_a_name_in_chinese_hides_every_name_as_any_may_be_meant_by_it() -> None:
    codes = {code for code, _ in told(written(("facts:\n", f"facts:\n{fact('用水量')}")))}
    assert "name_form" in codes
    assert "unknown_name" not in codes


def test_a_badly_formed_id_hides_only_ids_that_are_like_it() -> None:
    expect = "{name: one, facts: {}, expect: {failed_gates: [too_thirsty, soil]}}"
    text = make.edition().decode().replace("cases: []\n", f"cases: [{expect}]\n")
    found = told(text.replace("id: too_thirsty", "id: too-thirsty"))
    assert {word for code, word in found if code == "gate_unknown"} == {"soil"}


@pytest.mark.parametrize("key", ["notes", "remarks", "history"])
def test_a_key_that_is_like_none_gets_no_suggestion(key: str) -> None:
    assert ("key_unknown", key) in told(written(end=f"{key}: 1\n"))


def test_many_unknown_names_beside_misspelt_ones_are_told_in_time() -> None:
    facts = "".join(fact(f"some-fact-{index}") for index in range(20))
    text = written(("facts:\n", f"facts:\n{facts}"), ("zz > 100000", " || ".join(f"q{index}" for index in range(240))))
    assert sum(code == "unknown_name" for code, _ in told(text)) == 240
