"""Raw facts at random: right ones, unknown ones, extremes and wrong ones."""

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from service.core.rules.facts import LONGEST_TEXT
from service.core.rules.model import Fact, FactType, Rulebook
from service.core.values import Json

NUMBERS = [
    *("0", "-0", "0.0", "1", "1.0", "1.50", "2", "3", "7", "10", "50", "99.995", "100", "1e2", "-1", "-2.5", "0.7"),
    *("1e20", "1e-20", "1E+21", "1e-21", "12345.678901234567890123456789", "0.12345678901234567890"),
    "123456789012345678901234567890.12345",
    "9999999999999999999",
]
WRONG: list[Json] = [
    True,
    Decimal(1),
    "",
    "x",
    "a\x00",
    "\x85",
    "x" * (LONGEST_TEXT + 1),
    "2026-02-30",
    "20260101",
    [],
    [None],
    [{}],
    {},
    {"a": Decimal(1)},
]
DAYS = ["2024-02-29", "2025-03-01", "2026-12-31"]
TEXTS = ["", "a", "ab", "3453", "2613", "6450", '引号"与\\反斜杠', "换\n行", "\u2028"]


@st.composite
def raw_facts(draw: DrawFn, rulebook: Rulebook, like: Mapping[str, Json], *, wrong: bool = False) -> dict[str, Json]:
    """Draw facts: some as they are in ``like``, some left out, some else; with ``wrong`` some of the wrong type."""
    found: dict[str, Json] = {}
    share = draw(st.integers(0, 10))
    for name, fact in rulebook.facts.items():
        choice = draw(st.integers(0, 12))
        if choice <= share and name in like:
            found[name] = like[name]
        elif choice > 2:
            found[name] = draw(_value(fact, wrong=wrong))
    if wrong and draw(st.booleans()):
        found[draw(st.sampled_from(["nobody_asked", "natur", "a/b~c"]))] = Decimal(1)
    return found


def _value(fact: Fact, *, wrong: bool) -> SearchStrategy[Json]:
    right = _list(fact, wrong=wrong) if fact.kind is FactType.LIST else st.sampled_from(_values(fact, wrong=wrong))
    return st.one_of(right, st.sampled_from(WRONG)) if wrong else right


@st.composite
def _list(draw: DrawFn, fact: Fact, *, wrong: bool) -> Json:
    records: list[Json] = []
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 3, 201 if wrong else 4]))):
        given = {field.id: draw(_value(field, wrong=wrong)) for field in fact.of if draw(st.integers(0, 4))}
        records.append(given)
    return records


def _values(fact: Fact, *, wrong: bool) -> list[Json]:
    numbers: list[Json] = [Decimal(text) for text in NUMBERS]
    if fact.kind in {FactType.NUMBER, FactType.INTEGER}:
        limits = [fact.limits.min, fact.limits.max, fact.limits.min_exclusive, fact.limits.max_exclusive]
        numbers += [limit for limit in limits if limit is not None]
        return numbers if wrong else [number for number in numbers if _is_right(fact, number)]
    by_kind: dict[FactType, list[Json]] = {
        FactType.BOOLEAN: [True, False],
        FactType.CHOICE: [*fact.choices],
        FactType.TEXT: [*TEXTS],
        FactType.DATE: [*DAYS],
    }
    return [*by_kind[fact.kind], None]


def _is_right(fact: Fact, number: Json) -> bool:
    assert isinstance(number, Decimal)
    limits, size = fact.limits, abs(number)
    exponent = number.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    most = 0 if fact.kind is FactType.INTEGER else 30 if limits.decimals is None else limits.decimals
    return (
        (not size or Decimal("1e-20") <= size <= Decimal("1e20"))
        and decimals <= most
        and len(number.as_tuple().digits) <= 34
        and (limits.min is None or number >= limits.min)
        and (limits.max is None or number <= limits.max)
        and (limits.min_exclusive is None or number > limits.min_exclusive)
        and (limits.max_exclusive is None or number < limits.max_exclusive)
    )
