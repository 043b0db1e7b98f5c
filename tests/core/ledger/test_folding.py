"""Folding entries into rows, and telling where rows say something else."""

from service.core.ledger.folding import (
    Effect,
    Entry,
    Finding,
    Place,
    Removal,
    Row,
    Telling,
    Trouble,
    differences,
    fold,
    unknown,
)

EFFECTS: dict[str, tuple[Effect, ...]] = {
    "box.made": (Telling("box", ("subject",), {"colour": "colour", "to": "state"}, {"sealed": False}),),
    "box.sealed": (Telling("box", ("subject",), fixed={"sealed": True}),),
    "thing.put": (Telling("thing", ("subject", "n"), {"name": "name"}),),
    "box.emptied": (Removal("thing", ("subject",)),),
    "box.seen": (),
}
MADE = Entry(1, "box.made", "a", {"colour": "red", "to": "new"})


def box(name: str) -> Place:
    return "box", (name,)


def put(number: int, subject: str, n: int) -> Entry:
    return Entry(number, "thing.put", subject, {"n": n, "name": f"thing {n}"})


def test_an_entry_makes_a_row_and_a_later_one_changes_what_it_tells_of() -> None:
    rows = fold([MADE, Entry(2, "box.sealed", "a", {})], EFFECTS)
    assert rows == {("box", ("a",)): Row(2, {"colour": "red", "state": "new", "sealed": True})}


def test_an_entry_that_changes_nothing_leaves_the_latest_entry_of_a_row_as_it_was() -> None:
    assert fold([MADE, Entry(2, "box.seen", "a", {})], EFFECTS)["box", ("a",)].entry == 1


def test_a_removal_takes_the_rows_whose_keys_begin_with_its_members_and_no_others() -> None:
    entries = [put(1, "a", 1), put(2, "a", 2), put(3, "ab", 1), Entry(4, "box.emptied", "a", {})]
    assert set(fold(entries, EFFECTS)) == {("thing", ("ab", "1"))}


def test_what_is_put_again_after_a_removal_is_there_again() -> None:
    entries = [put(1, "a", 1), Entry(2, "box.emptied", "a", {}), put(3, "a", 1)]
    assert fold(entries, EFFECTS) == {("thing", ("a", "1")): Row(3, {"name": "thing 1"})}


def test_a_type_nobody_knows_is_told() -> None:
    found = list(unknown([MADE, Entry(7, "box.lost", "a", {})], EFFECTS))
    assert found == [Finding(Trouble.UNKNOWN_TYPE, "ledger_event", ("7",), ledger="box.lost")]


def test_rows_are_compared_both_ways_and_column_by_column() -> None:
    a, b, c, d = map(box, "abcd")
    expected = {a: Row(1, {"x": 1, "y": 2}), b: Row(2, {}), c: Row(3, {"x": 1})}
    found = {a: Row(1, {"x": 1, "y": 3}), c: Row(9, {"x": 1}), d: Row(4, {})}
    assert list(differences(expected, found)) == [
        Finding(Trouble.DIFFERS, "box", ("a",), "y", 2, 3),
        Finding(Trouble.MISSING, "box", ("b",), ledger=2),
        Finding(Trouble.OTHER_ENTRY, "box", ("c",), ledger=3, found=9),
        Finding(Trouble.UNRECORDED, "box", ("d",), found=4),
    ]


def test_the_order_of_a_list_is_no_difference_but_its_members_are() -> None:
    place = box("a")
    expected = {place: Row(1, {"seats": [{"p": "x"}, {"p": "y"}]})}
    assert not list(differences(expected, {place: Row(1, {"seats": [{"p": "y"}, {"p": "x"}]})}))
    assert list(differences(expected, {place: Row(1, {"seats": [{"p": "x"}, {"p": "x"}]})}))


def test_a_column_that_is_not_there_differs_from_one_that_is_told() -> None:
    place = box("a")
    assert list(differences({place: Row(1, {"x": 1})}, {place: Row(1, {})}))
