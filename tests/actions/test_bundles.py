"""Bundles of a case that does not hold still."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from service.actions import bundles
from service.actions.bundles import Bundle, NotSignedError, Reading, VotesOpenError
from service.core.errors import ForbiddenError, NotFoundError
from service.core.ledger.proofs import checkpoint_of, read_proof
from service.core.people import Actor
from tests import make, meeting, playing, seating
from tests.actions import papers, tables


def asked(house: make.House, case_id: UUID, actor: Actor | None = None) -> Reading:
    with house.work(actor or house.auditor) as work:
        return bundles.read(work, case_id, None, signs=True)


def contents(made: Bundle) -> dict[str, bytes]:
    return {file.path: file.content for file in made.files if file.content is not None}


def types_in(made: Bundle) -> list[str]:
    events = [json.loads(content) for path, content in contents(made).items() if path.startswith("entries/")]
    chain = [event for event in events if event["subject"]["kind"] == "application"]
    return [event["type"] for event in sorted(chain, key=lambda event: int(event["subject"]["rev"]))]


def test_what_happens_between_asking_and_making_is_in_it_too(house: make.House) -> None:
    case_id = papers.case(house)
    asking = asked(house, case_id)
    papers.attached(house, case_id)
    made = bundles.compiled(house.runtime, asking)
    assert types_in(made)[-2:] == ["bundle.read", "evidence.attached"]
    assert types_in(made) == [event["type"] for event in tables.of_case(house.runtime, case_id)]
    assert {file.path for file in made.files if file.content is None} != set()


def test_every_proof_leads_to_the_one_checkpoint(house: make.House) -> None:
    files = contents(bundles.compiled(house.runtime, asked(house, papers.case(house))))
    proofs = [read_proof(content) for path, content in files.items() if path.startswith("proofs/")]
    assert {proof.checkpoint for proof in proofs} == {files["checkpoint"]}
    assert max(proof.index for proof in proofs) < checkpoint_of(files["checkpoint"]).size


def test_who_is_recused_between_asking_and_making_gets_nothing(house: make.House) -> None:
    case_id = papers.case(house)
    asking = asked(house, case_id)
    seating.recuse(house, case_id, house.auditor)
    with pytest.raises(NotFoundError):
        bundles.compiled(house.runtime, asking)


def test_votes_that_are_cast_between_asking_and_making_keep_it_back(house: make.House) -> None:
    case_id, held = playing.tabled(house)
    held.open()
    asking = asked(house, case_id)
    held.cast(house.member, meeting.SUPPORT)
    with pytest.raises(VotesOpenError):
        bundles.compiled(house.runtime, asking)


def test_without_a_key_nothing_is_made(house: make.House) -> None:
    asking = asked(house, papers.case(house))
    with pytest.raises(NotSignedError):
        bundles.compiled(replace(house.runtime, signer=None), asking)


@pytest.mark.parametrize("actor", ["officer", "reviewer", "secretary", "chair", "member", "admin"])
def test_only_auditors_ask(house: make.House, actor: str) -> None:
    case_id = papers.case(house)
    with tables.nothing_changes(house.runtime), pytest.raises(ForbiddenError):
        asked(house, case_id, getattr(house, actor))
