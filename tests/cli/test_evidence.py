"""An operator who restored a folder can know whether it is the one the database means."""

import pytest
from click.testing import Result

from tests import make
from tests.actions import papers
from tests.actions.papers import PDF
from tests.cli.commands import call


def check(house: make.House) -> Result:
    given = house.runtime.settings
    settings = {"SLUICE_DATABASE_URL": given.database_url, "SLUICE_EVIDENCE_FOLDER": given.evidence_folder}
    return call("evidence", "check", "--language", "en", settings=settings)


def test_a_store_that_was_never_used_is_sound(house: make.House) -> None:
    found = check(house)
    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr == "0 paper(s) sound, 0 not, 0 file(s) without a paper\n"


def test_papers_that_are_there_are_counted(house: make.House) -> None:
    case_id = papers.case(house)
    for content in (PDF, PDF, PDF + b"\n"):
        papers.attached(house, case_id, content=content)
    found = check(house)
    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr == "3 paper(s) sound, 0 not, 0 file(s) without a paper\n"


@pytest.mark.parametrize(
    ("damage", "said"),
    [(None, "is not in the store"), (b"x", "is not as large as it was"), (PDF[::-1], "is not what it was")],
)
def test_a_paper_that_is_not_as_it_was_is_named_and_the_exit_says_so(
    house: make.House, damage: bytes | None, said: str
) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    papers.attached(house, case_id, content=PDF + b"\n")
    store = papers.blobs(house)
    place = next(store.folder / name for name in store.names() if (store.folder / name).read_bytes() == PDF)
    place.unlink()
    if damage is not None:
        place.write_bytes(damage)
    found = check(house)
    assert found.exit_code == 2
    assert found.stdout == f"paper 1 of application {case_id} ({place.name}): {said}\n"
    assert found.stderr == "1 paper(s) sound, 1 not, 0 file(s) without a paper\n"


def test_files_that_belong_to_no_paper_are_named_and_do_no_harm(house: make.House) -> None:
    papers.attached(house, papers.case(house))
    folder = papers.blobs(house).folder
    (folder / ".received-x").write_bytes(b"half")
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / ("ab" + "0" * 62)).write_bytes(b"whole")
    found = check(house)
    assert found.exit_code == 0
    assert found.stdout.splitlines() == [
        ".received-x: no paper has this file",
        f"ab/ab{'0' * 62}: no paper has this file",
    ]
