import pytest

from service.core.rules.check import check
from service.core.rules.faults import Fault
from service.core.rules.load import load
from tests.core.rules.edits import Edit, edits, sound

EDITS = edits()


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str, int, int]]:
    return [(fault.severity.value, fault.code, fault.place.line, fault.place.column) for fault in faults]


def test_the_rulebook_that_is_edited_has_no_fault() -> None:
    assert check(sound().encode()) == ()


@pytest.mark.parametrize("edit", EDITS, ids=[edit.title for edit in EDITS])
def test_an_edit_makes_exactly_these_faults_at_these_characters(edit: Edit) -> None:
    assert told(check(edit.text.encode())) == list(edit.told)
    usable = all(severity not in {"form", "meaning"} for severity, _, _, _ in edit.told)
    assert (load(edit.text.encode()).rulebook is not None) == usable
