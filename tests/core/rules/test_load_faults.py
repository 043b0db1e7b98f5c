import pytest

from service.core.errors import Flaw
from service.core.rules.check import check
from service.core.rules.faults import Fault
from service.core.rules.load import load
from service.words import LANGUAGES
from service.words.problems import because
from tests.core.rules.edits import Edit, edits, sound

EDITS = edits()


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str, int, int]]:
    return [(fault.severity.value, fault.code, fault.place.line, fault.place.column) for fault in faults]


def test_the_rulebook_that_is_edited_has_no_fault() -> None:
    assert check(sound().encode()) == ()


@pytest.mark.parametrize("edit", EDITS, ids=[edit.title for edit in EDITS])
def test_an_edit_makes_exactly_these_faults_at_these_characters_and_both_languages_say_them(edit: Edit) -> None:
    faults = check(edit.text.encode())
    assert told(faults) == list(edit.told)
    for fault in faults:
        flaw = Flaw("", fault.code, fault.figures)
        assert all(because(language, flaw) for language in LANGUAGES), fault
    usable = all(severity not in {"form", "meaning"} for severity, _, _, _ in edit.told)
    assert (load(edit.text.encode()).rulebook is not None) == usable
