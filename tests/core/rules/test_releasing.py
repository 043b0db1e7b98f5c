"""What keeps a rules file from being released."""

from collections.abc import Mapping

import pytest

from service.core.errors import Flaw
from service.core.rules.faults import Fault, Severity
from service.core.rules.releasing import examine, stopping
from service.core.values import Json
from service.words.problems import because
from tests import make
from tests.core.rules.trying import no_examples

_FACTS = "{industry_code: '3453', nature: new, output: 80.5, water: 12.5}"


def with_cases(*cases: str) -> bytes:
    told = "".join(f"\n  - {case}" for case in cases)
    return make.edition().replace(b"cases: []", f"cases:{told}".encode())


def case(expect: str, facts: str = f"facts: {_FACTS}") -> str:
    return f"{{name: 甲, {facts}, expect: {{{expect}}}}}"


def found(source: bytes) -> list[tuple[str, Mapping[str, object]]]:
    return [(fault.code, fault.figures) for fault in stopping(examine(source, no_examples))]


def test_a_file_whose_cases_come_out_as_they_expect_may_be_released() -> None:
    assert found(with_cases(case("outcome: approve, total: 80.5"))) == []


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("total: 80.51", ("total", "80.51", "80.5")),
        ("outcome: reject", ("outcome", "reject", "approve")),
        ("failed_gates: [too_thirsty]", ("failed_gates", "[too_thirsty]", "[]")),
        ("criteria: {output: null}", ("criteria.output", "null", "80.5")),
    ],
)
def test_a_case_that_comes_out_otherwise_keeps_it_from_being_released(expect: str, told: tuple[str, str, str]) -> None:
    ((code, figures),) = found(with_cases(case(expect)))
    assert code == "case_differs"
    assert (figures["name"], figures["what"], figures["expected"], figures["found"]) == ("甲", *told)


def test_everything_that_comes_out_otherwise_is_told_at_the_line_of_its_case() -> None:
    source = with_cases(case("total: 1, category: A"), case("outcome: approve"), case("total: 2"))
    faults = stopping(examine(source, no_examples))
    first = source.decode().splitlines().index("cases:") + 2
    assert [(fault.place.line, fault.figures["what"]) for fault in faults] == [
        (first, "category"),
        (first, "total"),
        (first + 2, "total"),
    ]
    assert {fault.severity for fault in faults} == {Severity.POLICY}


def test_a_case_whose_facts_are_refused_keeps_it_from_being_released() -> None:
    wrong = case("outcome: approve", f"facts: {_FACTS.replace('80.5', '101')}")
    assert found(with_cases(wrong)) == [("case_refused", {"name": "甲", "pointer": "/output"})]


def test_a_case_like_an_example_that_there_is_not_keeps_it_from_being_released() -> None:
    assert found(with_cases(case("outcome: approve", "like: nowhere"))) == [
        ("case_refused", {"name": "甲", "pointer": "/like"})
    ]


def test_an_example_lends_its_facts_to_a_case() -> None:
    def examples(name: str) -> Mapping[str, Json] | None:
        return {"here": make.facts()}.get(name)

    assert stopping(examine(with_cases(case("outcome: approve", "like: here")), examples)) == ()


def test_cases_are_told_beside_faults_of_policy_and_not_beside_faults_of_form() -> None:
    source = with_cases(case("total: 1"))
    policy = source.replace(b"{weight: 100, label", b"{weight: 90, label")
    assert sorted(code for code, _ in found(policy)) == ["case_differs", "weights_sum"]
    broken = source.replace(b"water > 100000", b"watr > 100000")
    assert [code for code, _ in found(broken)] == ["unknown_name_meant"]


def test_warnings_stop_nothing() -> None:
    unsure = make.edition().replace(b"confirmed: true", b"confirmed: false")
    faults = examine(unsure, no_examples)
    assert "unconfirmed_source" in {fault.code for fault in faults}
    assert stopping(faults) == ()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_told_of_cases_can_be_said(language: str) -> None:
    def said(fault: Fault) -> str:
        return because(language, Flaw("", fault.code, fault.figures))

    differs, refused = case("total: 1"), case("outcome: approve", "like: nowhere")
    assert all("甲" in said(fault) for fault in stopping(examine(with_cases(differs, refused), no_examples)))
