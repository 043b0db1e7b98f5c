import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.rules.expressions.units import parse_unit, product, quotient, unit_text

UNITS = {
    "1": (),
    "%": (("%", 1),),
    "m3/万元": (("m", 3), ("万元", -1)),
    "m^3/万元": (("m", 3), ("万元", -1)),
    "m³": (("m", 3),),
    "㎡": (("m", 2),),
    "a/b/c": (("a", 1), ("b", -1), ("c", -1)),
    "a/b*c": (("a", 1), ("b", -1), ("c", 1)),
    "kg·m/s2": (("kg", 1), ("m", 1), ("s", -2)),
    "m·kg/s/s": (("kg", 1), ("m", 1), ("s", -2)),
    "1/a": (("a", -1),),
    "a/a": (),
    " t / a ": (("a", -1), ("t", 1)),
    "10k yuan": (("10k yuan", 1),),
    "tCO2e/万元": (("tCO2e", 1), ("万元", -1)),
    "吨标准煤": (("吨标准煤", 1),),
}


@pytest.mark.parametrize(("text", "unit"), UNITS.items())
def test_units_are_products_of_powers(text: str, unit: tuple[tuple[str, int], ...]) -> None:
    assert parse_unit(text) == unit
    assert parse_unit(unit_text(unit)) == unit


@pytest.mark.parametrize("text", ["", " ", "/", "a/", "/a", "a//b", "a**b", "2", "1000/a", "m0", "a^", "a^b", "m^-0"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text at fault is all there is to say
        parse_unit(text)


FACTORS = st.lists(st.tuples(st.sampled_from(["kg", "m", "万元", "%", "a"]), st.integers(-3, 3)), max_size=4)


@given(FACTORS, FACTORS)
def test_product_and_quotient_undo_each_other(left: list[tuple[str, int]], right: list[tuple[str, int]]) -> None:
    one, other = (_unit(factors) for factors in (left, right))
    assert quotient(product(one, other), other) == one
    assert quotient(one, one) == ()
    assert parse_unit(unit_text(one)) == one


def _unit(factors: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    unit: tuple[tuple[str, int], ...] = ()
    for factor in factors:
        if factor[1]:
            unit = product(unit, (factor,))
    return unit
