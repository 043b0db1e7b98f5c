"""Bundles of a case that does not hold still."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from service.actions import bundles, ledger, trusting
from service.actions.bundles import Bundle, NotSignedError, Reading, VotesOpenError
from service.core.errors import ForbiddenError, NotFoundError
from service.core.ledger.notes import read_note, write_signature
from service.core.ledger.policy import Policy, judge
from service.core.ledger.proofs import checkpoint_of, read_proof
from service.core.ledger.witnessing import Witness, read_request
from service.core.people import Actor
from service.outbound import Answer, Letter, Reply, Unanswered
from tests import make, meeting, playing, seating, witnesses
from tests.actions import papers, tables
from tests.conftest import Clock

WITNESS = witnesses.signer()


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


def witnessed(house: make.House) -> make.House:
    """The same house with a witness to ask."""
    settings = replace(house.runtime.settings, ledger_witnesses=(Witness(WITNESS.key, "http://127.0.0.1:9"),))
    return replace(house, runtime=replace(house.runtime, settings=settings))


def signing(letter: Letter) -> Reply:
    """What a witness answers that signs everything."""
    text = read_note(read_request(letter.body).note).text
    return Answer(200, "text/plain", write_signature(WITNESS.sign(text, int(Clock().now.timestamp()))).encode())


def policy(house: make.House) -> Policy:
    """Whom an inspector believes: the log and its witness."""
    with house.work(house.auditor) as work:
        return trusting.policy(work, house.runtime.signer)


def test_a_bundle_rests_on_a_checkpoint_that_the_witnesses_signed_when_it_was_made(house: make.House) -> None:
    asking = witnessed(house)
    files = contents(bundles.compiled(asking.runtime, asked(asking, papers.case(house)), signing))
    judged = judge(read_note(files["checkpoint"]), policy(asking))
    assert judged.quorum
    assert WITNESS.key.name in files["README.en.txt"].decode()
    assert "NOTE" not in files["README.en.txt"].decode()


def test_where_a_witness_does_not_answer_the_bundle_says_so(house: make.House) -> None:
    asking = witnessed(house)
    made = bundles.compiled(asking.runtime, asked(asking, papers.case(house)), lambda _: Unanswered("no_answer"))
    files = contents(made)
    assert not judge(read_note(files["checkpoint"]), policy(asking)).quorum
    for language, said in (("en", "NOTE: these witnesses"), ("zh", "注意：以下见证人")):
        readme = files[f"README.{language}.txt"].decode()
        assert (said in readme, WITNESS.key.name in readme) == (True, True)
    without = contents(bundles.compiled(house.runtime, asked(house, papers.case(house)), signing))
    assert "The ledger has no witnesses." in without["README.en.txt"].decode()


def test_of_checkpoints_over_the_whole_case_the_newest_that_the_witnesses_signed_is_taken(house: make.House) -> None:
    asking, case_id = witnessed(house), papers.case(house)
    reading = asked(asking, case_id)
    ledger.tend(asking.runtime)
    (signed,) = ledger.cosign(asking.runtime, signing)
    house.create(make.draft())
    ledger.tend(asking.runtime)
    made = bundles.compiled(asking.runtime, reading, lambda _: Unanswered("no_answer"))
    assert made.size == signed.size
    papers.attached(house, case_id)
    assert signed.size is not None
    assert bundles.compiled(asking.runtime, reading).size > signed.size
