"""Charts, drawn from figures alone: sound XML, everything in its place, and nothing that only a colour tells."""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.rules.expressions.nodes import Expression, Literal
from service.core.rules.model import Bands, Choices, Formula, Points, Scale
from service.web.ui import charts
from service.web.ui.charts import Curve, Kind, Limit, Mark, Scored, Told, Total
from service.web.ui.charts.axes import Axis, around, score_at
from service.web.ui.charts.svg import fitting, place, short, width

NASTY = "<b onclick='x'>\"&amp; 项目</b>"
POINTS = Points(tuple((Decimal(value), Decimal(score)) for value, score in ((8, 100), ("13.9", 75), (24, 30), (30, 0))))
BANDS = Bands(((Decimal(10), Decimal(100)), (Decimal(5), Decimal(40))), Decimal(0))
CHOICES = Choices({"level_1": Decimal(100), "level_2": Decimal(70), "none": Decimal(0)})
LINE = Limit("改进线 60", Decimal(60))


def read(chart: str) -> ET.Element:
    """Read a chart as the XML it has to be."""
    return ET.fromstring(chart)  # noqa: S314 - what we have written ourselves


def told(name: str = "x", title: str = "取水", description: str = "得 58 分") -> Told:
    return Told(f"chart-{name}", title, description, "数据表", ("值", "得分"), (("8", "100"), ("30", "0")))


def declared(value: object, score: object) -> Mark:
    return Mark(Kind.DECLARED, "申报", "说明", None if value is None else Decimal(str(value)), Decimal(str(score)))


def verified(value: object, score: object) -> Mark:
    return Mark(Kind.VERIFIED, "核实", "说明", Decimal(str(value)), Decimal(str(score)))


def unknown(kind: Kind = Kind.DECLARED) -> Mark:
    return Mark(kind, "申报", "未知", between=(Fraction(0), Fraction(100)))


def drawn(scale: Scale, *marks: Mark, **changes: str) -> ET.Element:
    return read(charts.curve(Curve(told(**changes), scale, "取水（m3/万元）", marks, (LINE,))))


def of(found: ET.Element, tag: str, *classes: str) -> list[ET.Element]:
    return [one for one in found.iter(tag) if set(classes) <= set(one.get("class", "").split())]


def number(found: ET.Element, name: str) -> float:
    return float(found.attrib[name])


def test_every_chart_has_a_title_a_description_and_its_figures_as_a_table() -> None:
    found = drawn(POINTS, declared(20, "48.12"))
    (svg,) = found.iter("svg")
    named = {one.get("id"): one.text for one in svg if one.tag in {"title", "desc"}}
    assert svg.get("role") == "img"
    assert [named[part] for part in svg.attrib["aria-labelledby"].split()] == ["取水", "得 58 分"]
    assert [[cell.text for cell in row] for row in found.iter("tr")] == [["值", "得分"], ["8", "100"], ["30", "0"]]
    assert [cell.get("scope") for cell in found.iter("th")] == ["col", "col", "row", "row"]


def test_what_somebody_wrote_is_text_in_a_chart() -> None:
    marks = (Mark(Kind.DECLARED, NASTY, NASTY, Decimal(9), Decimal(90)),)
    shown = Curve(told(title=NASTY, description=NASTY), POINTS, NASTY, marks, (Limit(NASTY, Decimal(60)),))
    text = charts.curve(shown) + charts.curve(Curve(told(), CHOICES, "", choices={"level_1": NASTY}))
    assert "<b" not in text
    assert next(read(charts.curve(shown)).iter("title")).text == NASTY


def test_a_chart_has_no_style_and_no_script_in_it() -> None:
    for scale in (POINTS, BANDS, CHOICES):
        text = charts.curve(Curve(told(), scale, "值", (declared(9, 90), unknown(Kind.VERIFIED)), (LINE,)))
        assert re.findall(r"\sstyle=|<style|\son[a-z]+=|<script|https?:", text) == []


def test_the_same_figures_are_the_same_bytes_whatever_their_zeros() -> None:
    one, other = (
        charts.curve(Curve(told(), POINTS, "值", (declared(value, score),), (LINE,)))
        for value, score in (("20", "48.10"), ("20.000", "48.1"))
    )
    assert one == other


@pytest.mark.parametrize("value", ["8", "13.9", "29.999", "30", "7", "33", "-1e20", "1e20", "1e-20"])
def test_the_project_stands_inside_the_drawing(value: str) -> None:
    found = drawn(POINTS, declared(value, 50), verified(value, 50))
    (svg,), (disc,) = found.iter("svg"), of(found, "circle", "sign")
    _, _, wide, high = map(float, svg.attrib["viewBox"].split())
    assert 0 < number(disc, "cx") < wide
    assert 0 < number(disc, "cy") < high
    assert len(of(found, "path", "sign", "verified")) == 1


def test_a_value_far_beyond_the_scale_is_shown_at_its_end_with_an_arrow_and_leaves_the_scale_readable() -> None:
    near, far = drawn(POINTS, declared(31, 0)), drawn(POINTS, declared("1e20", 0))
    assert of(near, "polyline", "beyond") == []
    assert len(of(far, "polyline", "beyond", "declared")) == 2
    line = of(far, "polyline", "scale")[0].attrib["points"].split()
    places = [float(point.split(",")[0]) for point in line]
    assert places == sorted(set(places), key=places.index)
    assert max(places) - min(places) > 250


def test_the_project_stands_on_its_curve() -> None:
    (disc,) = of(drawn(POINTS, declared("18.95", score_of("18.95"))), "circle", "sign")
    line = of(drawn(POINTS, declared("18.95", 0)), "polyline", "scale")[0].attrib["points"].split()
    (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in line[2:4])
    x, y = number(disc, "cx"), number(disc, "cy")
    assert abs(y - (y1 + (y2 - y1) * (x - x1) / (x2 - x1))) < 0.2


def score_of(value: str) -> Decimal:
    found = score_at(POINTS.points, Fraction(value))
    return Decimal(found.numerator) / Decimal(found.denominator)


def test_the_two_assessments_differ_in_shape_not_in_colour_alone() -> None:
    found = drawn(POINTS, declared(9, 90), verified(20, 48))
    assert len(of(found, "circle", "sign", "declared")) == len(of(found, "path", "sign", "verified")) == 1
    legend = ["".join(one.itertext()) for one in of(found, "span", "legend")]
    assert legend == ["● 申报 说明", "◆ 核实 说明"]


def test_what_is_unknown_is_a_hatched_range_of_scores_and_no_point() -> None:
    found = drawn(POINTS, unknown(), name="other")
    (hatched,) = of(found, "rect", "range")
    assert hatched.attrib["fill"] == "url(#chart-other-hatch)"
    assert [one.get("id") for one in found.iter("pattern")] == ["chart-other-hatch"]
    assert number(hatched, "height") == 128
    assert of(found, "line", "guide") == []


def test_what_does_not_apply_has_its_scale_and_no_place_on_it() -> None:
    found = drawn(POINTS, Mark(Kind.DECLARED, "申报", "不适用"))
    assert len(of(found, "polyline", "scale")) == 1
    assert of(found, "circle", "sign") == of(found, "rect", "range") == []
    assert "不适用" in "".join(found.itertext())


def test_bands_are_steps() -> None:
    (line,) = of(drawn(BANDS, declared(7, 40)), "polyline", "scale")
    places = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
    assert [y for _, y in places] == [140, 140, 88.8, 88.8, 12, 12]
    assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pairwise(places))


def test_a_scale_with_one_mark_or_the_same_marks_is_drawn() -> None:
    single = Bands(((Decimal(0), Decimal(100)),), Decimal(0))
    assert len(of(drawn(single, declared(0, 100)), "polyline", "scale")) == 1
    assert Axis(Fraction(1), Fraction(1), 0, 10).place(Decimal(5)) == 5


def test_choices_are_bars_and_the_one_made_has_the_sign() -> None:
    chosen = Mark(Kind.DECLARED, "申报", "二级", "level_2", Decimal(70))
    shown = Curve(told(), CHOICES, "水平", (chosen,), (LINE,), {"level_1": "一级", "level_2": "二级", "none": "未达到"})
    found = read(charts.curve(shown))
    bars = of(found, "rect", "bar")
    assert [one.get("class") for one in bars] == ["bar other", "bar declared", "bar other"]
    assert [number(one, "width") for one in bars] == [336, 235.2, 0]
    assert len(of(found, "circle", "sign", "declared")) == 1
    assert {"一级", "二级", "未达到", "100", "70", "0"} <= {one.text for one in found.iter("text")}


def test_a_formula_is_its_score() -> None:
    scale = Formula(Expression("40", Literal(0, Decimal(40)), ()))
    found = drawn(scale, Mark(Kind.DECLARED, "申报", "得 40 分", None, Decimal(40)))
    assert [number(one, "width") for one in of(found, "rect", "bar", "declared")] == [134.4]
    assert len(of(drawn(scale, unknown()), "rect", "range")) == 1


def total(**changes: Decimal | None) -> Total:
    figures = {"total": Decimal(60), "lowest": Decimal(45), "highest": Decimal("80.5"), "known_only": Decimal(70)}
    return Total(Kind.DECLARED, "申报", "60（可能 45 至 80.5）", **{**figures, **changes})


def interval(*totals: Total) -> ET.Element:
    limits = [
        Limit(f"{name} ≥ {score}", Decimal(score)) for name, score in (("支持", 75), ("有条件", 60), ("暂缓", 45))
    ]
    return read(charts.interval(told(), totals, limits))


def test_a_total_lies_between_what_it_may_come_to_and_beside_what_is_to_be_reached() -> None:
    found = interval(total())
    (bar,), (between,), (known,) = of(found, "rect", "bar"), of(found, "rect", "range"), of(found, "circle", "known")
    start, end = number(between, "x"), number(between, "x") + number(between, "width")
    assert start < number(bar, "x") + number(bar, "width") < number(known, "cx") < end
    lines = [number(one, "x1") for one in of(found, "line", "limit")]
    assert lines == sorted(lines, reverse=True)
    assert lines[2] == start
    assert {"支持 ≥ 75", "有条件 ≥ 60", "暂缓 ≥ 45"} <= {one.text for one in found.iter("text")}


def test_a_certain_total_has_no_range_and_none_has_no_bar() -> None:
    certain = interval(total(lowest=Decimal(60), highest=Decimal(60)))
    assert of(certain, "rect", "range") == of(certain, "circle", "known") == []
    nothing = interval(total(total=None, lowest=None, highest=None, known_only=None))
    assert of(nothing, "rect", "bar") == of(nothing, "circle", "sign") == []
    assert of(interval(), "rect") == []


def test_dimensions_stand_one_below_the_other_in_their_order() -> None:
    scored = [
        Scored(Kind.DECLARED, "生态·申报", "58.12", Decimal("58.12")),
        Scored(Kind.VERIFIED, "生态·核实", "—", None),
        Scored(Kind.DECLARED, "质量·申报", "84.47", Decimal("84.47")),
    ]
    found = read(charts.dimensions(told(), scored, [LINE]))
    tracks, bars = of(found, "rect", "track"), of(found, "rect", "bar")
    assert [number(one, "y") for one in tracks] == sorted(number(one, "y") for one in tracks)
    assert [number(one, "width") for one in bars] == [195.3, 283.8]


def test_a_very_long_name_is_cut_to_its_room_and_told_whole_beside_the_drawing() -> None:
    long = "非常长的指标名称" * 30
    shown = Told("chart-x", long, long, "数据表", (long, "得分"), ((long, "1"),))
    for chart in (
        charts.curve(Curve(shown, POINTS, long, (declared(9, 90),), (Limit(long, Decimal(60)),))),
        charts.dimensions(shown, [Scored(Kind.DECLARED, long, "1", Decimal(1))], [Limit(long, Decimal(60))]),
    ):
        found = read(chart)
        named = [one.text or "" for one in found.iter("text") if (one.text or "").startswith("非常")]
        assert all(width(text) <= 360 for text in named), named
        assert long in {one.text for one in found.iter("th")}


@given(st.lists(st.decimals(-1000, 1000, places=3), min_size=2, max_size=6, unique=True).map(sorted), st.data())
@settings(max_examples=60, deadline=None)
def test_a_greater_figure_is_never_drawn_left_of_a_smaller_one(marks: Sequence[Decimal], data: st.DataObject) -> None:
    figures = sorted(data.draw(st.lists(st.decimals(-3000, 3000, places=2), min_size=2, max_size=5)))
    axis = around(marks, figures, 32, 348)
    places = [axis.place(figure) for figure in figures]
    assert places == sorted(places)
    assert all(32 <= at <= 348 for at in places)
    assert all(32 < axis.place(mark) < 348 for mark in marks)


@pytest.mark.parametrize(
    ("figure", "text"),
    [("71.290", "71.29"), ("1e20", "1e20"), ("0.00000000001", "1e-11"), ("-0.0", "0"), ("123456789", "123456789")],
)
def test_numbers_on_axes_are_short(figure: str, text: str) -> None:
    assert short(Decimal(figure)) == text


def test_places_are_rounded_to_a_tenth_and_texts_cut_only_where_they_must() -> None:
    assert [place(Fraction(1, 3)), place(Fraction(-1, 30)), place(12)] == ["0.3", "0", "12"]
    assert fitting("短", 100) == "短"
    assert fitting("很长很长的名称", 40) == "很长…"
