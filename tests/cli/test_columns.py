from service.cli.columns import PAGE, Column, pad, paragraph, row, table, width, wrap


def test_a_chinese_character_takes_two_places_and_a_letter_one() -> None:
    assert width("总分") == 4
    assert width("A类（联审）") == 11
    assert width("m3/a") == 4
    assert width("e\u0301") == 1


def test_a_text_is_filled_up_on_the_side_its_column_stands() -> None:
    assert pad("总分", Column(6)) == "总分  "
    assert pad("总分", Column(6, right=True)) == "  总分"
    assert pad("资料完整度", Column(6)) == "资料完整度"


def test_a_line_breaks_between_any_two_chinese_characters() -> None:
    assert wrap("厂界距黄河岸线", 6) == ["厂界距", "黄河岸", "线"]


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    assert wrap("距岸线，不足（一）公里", 6) == ["距岸", "线，不", "足", "（一）", "公里"]


def test_words_and_numbers_stay_whole() -> None:
    assert wrap("17.7143 m3/万元 per year", 8) == ["17.7143", "m3/万元", "per year"]
    assert wrap("shoreline_chemical", 6) == ["shoreline_chemical"]


def test_nothing_is_lost_in_breaking() -> None:
    text = "岸线管控·化工：触发否决，结论不优于“不予支持”；与岸线距离：0.6 km（岸线缓冲距离 1 km，相差 0.4）。"
    for places in range(2, 80):
        assert "".join(wrap(text, places)).replace(" ", "") == text.replace(" ", ""), places


def test_no_line_is_wider_than_its_room_unless_a_single_word_is() -> None:
    text = "用水 310000 m3/a，超出限值（见第八条）。Fresh water per year, above the mark."
    for places in range(12, 80):
        assert max(map(width, wrap(text, places))) <= places, places


def test_a_cell_that_is_too_long_goes_on_below_in_its_own_column() -> None:
    assert list(row((Column(6), Column(4, right=True)), ("生态保护", "58.1"))) == ["  生态保  58.1", "  护"]


def test_columns_of_a_table_are_as_wide_as_what_stands_in_them() -> None:
    rows = [("招商专员", "甲", "x"), ("联审", "某部门", "y")]
    assert list(table(rows)) == ["招商专员  甲      x", "联审      某部门  y"]
    assert list(table([])) == []


def test_lines_of_a_paragraph_stand_under_one_another() -> None:
    lines = list(paragraph("长" * 60, "1. "))
    assert [line[:5] for line in lines] == ["  1. ", "     "]
    assert max(map(width, lines)) <= PAGE
