"""The log's key is changed: both sign for a while, the log says from when and until when, and nothing else counts."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.actions import doctor, ledger
from service.actions.doctor import Outside
from service.actions.ledger.overlap import SHORTEST
from service.actions.ledger.rotation import tell_keys
from service.cli.runtime import INSPECTING
from service.config import SettingsError
from service.core.ledger.folding import Trouble
from service.core.ledger.keys import VerifierKey, write_vkey
from service.core.ledger.notes import read_note, verify
from service.core.people import SYSTEM
from service.signing import SignerRefusesError, make_key, open_signer
from service.work import Runtime
from tests.actions import tables, tending
from tests.core.ledger.inspecting import run
from tests.ledger.forging import Forger, owned, seen

ADDED, RETIRED = "log.key_added", "log.key_retired"
THING = "thing.done"


@pytest.fixture
def following(tmp_path: Path) -> Path:
    make_key(tmp_path / "next.key")
    return tmp_path / "next.key"


def beside(runtime: Runtime, following: Path) -> Runtime:
    """The service, started again with a second key."""
    settings = replace(runtime.settings, ledger_next_key_file=str(following))
    return replace(runtime, settings=settings, signer=open_signer(settings))


def changed(runtime: Runtime, following: Path, *, after: timedelta = SHORTEST) -> Runtime:
    """The service, started again in 30 days, the second key in the place of the first. The memory stays as it was."""
    memory = f"{runtime.settings.ledger_key_file}.memory"
    settings = replace(runtime.settings, ledger_key_file=str(following), ledger_memory_file=memory)
    return replace(runtime, settings=settings, signer=open_signer(settings), clock=lambda: runtime.clock() + after)


def signed(runtime: Runtime, subject: str) -> bytes:
    """Record something, have it signed, and give the note."""
    tending.wait(runtime, subject)
    ledger.tend(runtime)
    with runtime.work(SYSTEM, read_only=True) as work:
        return ledger.note(work)


def key_of(runtime: Runtime) -> VerifierKey:
    assert runtime.signer is not None
    return runtime.signer.key


def told(runtime: Runtime) -> list[tuple[str, dict[str, object]]]:
    """What the log says of its keys."""
    return [(event["type"], event["data"]) for event in tables.events(runtime) if "key" in event["type"]]


def troubles(runtime: Runtime, key: VerifierKey) -> set[Trouble]:
    """What the doctor finds who trusts a key, besides entries no rule knows."""
    with runtime.work(INSPECTING, read_only=True) as work:
        found = doctor.examine(work, Outside(key, {})).findings
    return {one.trouble for one in found if one.ledger != THING}


def test_both_keys_sign_between_the_two_entries_and_one_before_and_after(runtime: Runtime, following: Path) -> None:
    new = changed(runtime, following)
    both = [key_of(runtime), key_of(new)]
    notes = [signed(one, f"t-{n}") for n, one in enumerate((runtime, beside(runtime, following), new))]
    signers = [[one.key for one in verify(read_note(note), both)] for note in notes]
    assert signers == [both[:1], both, both[1:]]
    old, young = map(write_vkey, both)
    first, second = (int(note.split(b"\n")[1]) for note in notes[:2])
    assert told(new) == [
        (ADDED, {"vkey": young, "beside": old, "size": first}),
        (RETIRED, {"vkey": old, "size": second}),
    ]
    assert new.signer is not None
    assert new.signer.memory.read_bytes() == notes[-1]


def test_a_key_does_not_sign_alone_before_both_have_signed_for_thirty_days(runtime: Runtime, following: Path) -> None:
    signed(runtime, "t-0")
    last = signed(beside(runtime, following), "t-1")
    early = changed(runtime, following, after=SHORTEST - timedelta(seconds=1))
    with pytest.raises(SignerRefusesError) as refused:
        signed(early, "t-2")
    assert refused.value.figures == {"because": "too_soon"}
    assert [type_ for type_, _ in told(runtime)] == [ADDED]
    with runtime.work(SYSTEM, read_only=True) as work:
        assert ledger.health(work, early.signer).alarm == "too_soon"
        assert ledger.note(work) == last
    assert {one.key for one in verify(read_note(signed(beside(runtime, following), "t-3")), [key_of(runtime)])}
    signed(changed(runtime, following), "t-4")
    assert [type_ for type_, _ in told(runtime)] == [ADDED, RETIRED]


def test_a_key_that_was_told_and_signed_nothing_beside_the_other_does_not_sign_alone(
    runtime: Runtime, following: Path
) -> None:
    signed(runtime, "t-0")
    tell_keys(beside(runtime, following))
    with pytest.raises(SignerRefusesError):
        signed(changed(runtime, following), "t-1")


def test_it_is_told_once(runtime: Runtime, following: Path) -> None:
    for n, one in enumerate((runtime, beside(runtime, following), changed(runtime, following))):
        for again in range(2):
            signed(one, f"t-{n}-{again}")
    assert [type_ for type_, _ in told(runtime)] == [ADDED, RETIRED]


def test_a_change_that_is_called_off_retires_the_new_key(runtime: Runtime, following: Path) -> None:
    for n, one in enumerate((runtime, beside(runtime, following), runtime)):
        signed(one, f"t-{n}")
    assert told(runtime)[-1][1]["vkey"] == write_vkey(key_of(changed(runtime, following)))
    assert troubles(runtime, key_of(runtime)) == set()


def test_whoever_trusts_either_key_finds_nothing_wrong(runtime: Runtime, following: Path) -> None:
    new = changed(runtime, following)
    for n, one in enumerate((runtime, beside(runtime, following), new)):
        signed(one, f"t-{n}")
        for key in (key_of(runtime), key_of(new))[: 2 if n else 1]:
            assert troubles(one, key) == set()


def test_a_key_that_signs_without_having_been_told_beside_a_trusted_one_is_not_believed(
    runtime: Runtime, following: Path
) -> None:
    new = changed(runtime, following)
    signed(runtime, "t-0")
    signed(new, "t-1")
    assert troubles(new, key_of(runtime)) == {Trouble.CHECKPOINT_NOTE}


def test_a_retired_key_signs_nothing_more(runtime: Runtime, following: Path) -> None:
    new = changed(runtime, following)
    for n, one in enumerate((runtime, beside(runtime, following), new)):
        signed(one, f"t-{n}")
    signed(runtime, "t-9")
    assert troubles(new, key_of(new)) == {Trouble.CHECKPOINT_NOTE}


def test_a_thief_of_the_database_alone_does_not_bring_a_key_into_the_log(runtime: Runtime, following: Path) -> None:
    signed(runtime, "t-0")
    thief = changed(runtime, following)
    assert thief.signer is not None
    with owned(runtime.engine) as connection:
        forger = Forger(connection, thief.signer)
        number = forger.add(ADDED, ("log", "other"), at="2026-11-23T01:00:00.000000Z")
        event = forger.event(number)
        event["data"] = {"vkey": write_vkey(key_of(thief)), "beside": write_vkey(key_of(runtime)), "size": 0}
        forger.write(number, event)
        forger.sign(forger.build())
        with seen(connection, runtime) as work:
            found = doctor.examine(work, Outside(key_of(runtime), {})).findings
    assert Trouble.CHECKPOINT_NOTE in {one.trouble for one in found}


def test_an_inspector_names_each_key_with_its_sizes(runtime: Runtime, following: Path, tmp_path: Path) -> None:
    new = changed(runtime, following)
    notes = [signed(one, f"t-{n}") for n, one in enumerate((runtime, beside(runtime, following), new))]
    last = json.loads(json.dumps(told(new)))[-1][1]["size"]
    lines = b"".join(json_line(event) for event in tables.events(new))
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "entries.ndjson").write_bytes(lines)
    (folder / "checkpoints").mkdir()
    for n, note in enumerate(notes):
        (folder / "checkpoints" / str(n)).write_bytes(note)
    old, young = (write_vkey(key_of(one)) for one in (runtime, new))
    policy = tmp_path / "policy"
    for range_, code in ((f"0-{last}", 0), (f"0-{last - 1}", 0), ("9999-", 2)):
        policy.write_text(f"log {old} https://a.example#sizes={range_}\nlog {young}\nquorum none\n", encoding="utf-8")
        assert run(folder, "--policy", str(policy)).code == code


def json_line(event: dict[str, object]) -> bytes:
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def test_one_key_named_twice_is_no_change(runtime: Runtime) -> None:
    settings = replace(runtime.settings, ledger_next_key_file=runtime.settings.ledger_key_file)
    with pytest.raises(SettingsError) as refused:
        open_signer(settings)
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("SLUICE_LEDGER_NEXT_KEY_FILE", "setting_key_twice")
    ]
