"""The design's table of attacks on a real database, both kinds, by its owner, with and without the log's key.

Each is looked for four ways: by the verifier on everything the database holds, by the verifier on what the service
exports, by the doctor, and by the signer. Each of the first three without a kept checkpoint, with an old one, and with
the newest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, text

from service.actions import applications, doctor, exports, kept, ledger
from service.actions.doctor import Examined, Outside
from service.core.errors import NotFoundError
from service.core.ledger.folding import Finding, Trouble
from service.core.ledger.keys import write_vkey
from service.core.ledger.proofs import checkpoint_of
from service.core.people import SYSTEM
from service.signing import Signer, SignerRefusesError
from service.work import Runtime
from tests import busy, databases, make, meeting
from tests.actions import tending
from tests.conftest import Clock, service
from tests.core.ledger.bundles import write
from tests.core.ledger.inspecting import Outcome, run
from tests.ledger.forging import Forger, owned, seen

ANCHORS: Final = ("none", "old", "fresh")
NOT_EXCLUDED: Final = "rollback not excluded"


@dataclass(frozen=True)
class Scene:
    """A service whose log was signed twice, the notes somebody kept of that, and its backup from the first time."""

    house: make.House
    old: bytes
    fresh: bytes
    backup: Runtime

    @property
    def runtime(self) -> Runtime:
        return self.house.runtime

    @property
    def key(self) -> Signer:
        assert self.runtime.signer is not None
        return self.runtime.signer

    @property
    def sizes(self) -> tuple[int, int]:
        return checkpoint_of(self.old).size, checkpoint_of(self.fresh).size

    def kept(self, anchor: str) -> bytes | None:
        return {"none": None, "old": self.old, "fresh": self.fresh}[anchor]


@pytest.fixture(scope="module", params=databases.KINDS)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    clock = Clock()
    with databases.fresh(request.param) as engine:
        runtime = service(engine, clock, tmp_path_factory.mktemp("scene"))
        house = make.house(runtime)
        busy.make_busy(house)
        old = signed(runtime)
        with databases.copied(engine) as backup:
            meeting.decided(house, choice=meeting.OPPOSE)
            clock.move(minutes=20)
            ledger.tend(runtime)
            clock.move(minutes=20)
            yield Scene(house, old, signed(runtime), replace(runtime, engine=backup))


def signed(runtime: Runtime) -> bytes:
    """Have everything put into the tree and signed; give the note."""
    ledger.tend(runtime)
    with runtime.work(SYSTEM, read_only=True) as work:
        return ledger.note(work)


# --- what somebody does who has the database, and perhaps the key


def opinions(forger: Forger) -> list[int]:
    """The numbers of the entries by which departments gave their opinions."""
    found = forger.connection.execute(text("SELECT id FROM ledger_event WHERE type = 'opinion.given' ORDER BY id"))
    return list(found.scalars())


def change_bytes(forger: Forger, _: Scene) -> None:
    number = opinions(forger)[0]
    canon = dict(forger.entries())[number].replace("可行".encode(), "可否".encode())
    assert forger.run("UPDATE ledger_event SET canon = :canon WHERE id = :id", canon=canon, id=number) == 1


def change_bytes_and_hash(forger: Forger, _: Scene) -> None:
    number = opinions(forger)[0]
    event = forger.event(number)
    event["data"]["reason"] = "否"
    forger.write(number, event)


def change_history(forger: Forger, _: Scene) -> None:
    """An opinion, in its entry, its row, the chain of its case and the tree: nobody who looks only here sees it."""
    number = opinions(forger)[0]
    forger.rewrite(number, lambda event: event["data"].update(reason="否"))
    assert forger.run("UPDATE opinion SET reason = '否' WHERE event_id = :id", id=number) == 1
    forger.build()


def change_history_without_checkpoints(forger: Forger, scene: Scene) -> None:
    change_history(forger, scene)
    forger.sign()


def change_history_and_sign(forger: Forger, scene: Scene) -> None:
    change_history(forger, scene)
    forger.sign(*scene.sizes)


def change_after_the_old_checkpoint_and_sign(forger: Forger, scene: Scene) -> None:
    number = forger.one("SELECT max(event_id) FROM decision")
    forger.rewrite(number, lambda event: event["data"].update(reason="另议"))
    assert forger.run("UPDATE decision SET reason = '另议' WHERE event_id = :id", id=number) == 1
    forger.build()
    forger.sign(*scene.sizes)


def drop_the_tail(forger: Forger, scene: Scene) -> None:
    """The last entry, a heartbeat, and the checkpoint over it; what was recorded after the old one stays."""
    forger.run("DELETE FROM ledger_checkpoint WHERE size > :size", size=scene.sizes[0])
    number = forger.entries()[-1][0]
    forger.run("DELETE FROM ledger_leaf WHERE event_id = :id", id=number)
    forger.run("DELETE FROM ledger_event WHERE id = :id", id=number)
    forger.build()


def insert_backdated_and_sign(forger: Forger, scene: Scene) -> None:
    old, fresh = scene.sizes
    number = forger.add("evidence.read", ("evidence", "e-1"), at="2026-11-23T01:00:00.000000Z")
    order = [each for each, _ in forger.entries()]
    forger.build([*order[:20], number, *(each for each in order[20:] if each != number)])
    forger.sign(old, fresh + 1)


def swap_two(forger: Forger, _: Scene) -> None:
    order = [each for each, _ in forger.entries()]
    order[30], order[31] = order[31], order[30]
    forger.build(order)


def delete_before_it_is_in_the_tree(forger: Forger, scene: Scene) -> None:
    """An application is handed in, and its entry goes before anybody has put it into the tree."""
    with seen(forger.connection, scene.runtime, scene.house.officer) as work:
        applications.create(work, make.application())
        work.session.flush()
        for number in work.entries:
            forger.run("DELETE FROM ledger_pending WHERE event_id = :id", id=number)
            assert forger.run("DELETE FROM ledger_event WHERE id = :id", id=number) == 1


def change_a_row(forger: Forger, _: Scene) -> None:
    assert forger.run("UPDATE decision SET outcome = 'reject'") > 0


def do_nothing(_: Forger, __: Scene) -> None:
    """The honest log."""


# --- and what is found of it


@dataclass(frozen=True)
class Told:
    """Exit codes of the verifier, and what the doctor finds (None: nothing), by anchor; and why the signer refuses.

    ``whole``: on everything there is. ``export``: on what the service gives out; None where that is nothing.
    """

    whole: tuple[int, int, int]
    export: tuple[int, int, int] | None
    doctor: tuple[Trouble | None, Trouble | None, Trouble | None]
    signer: str | None


Attack = Callable[[Forger, Scene], None]
ROOT: Final = Trouble.CHECKPOINT_ROOT
TABLE: Final[dict[Attack, Told]] = {
    do_nothing: Told((0, 0, 0), (0, 0, 0), (None, None, None), None),
    change_bytes: Told((1, 1, 1), (1, 1, 1), (Trouble.ENTRY_HASH,) * 3, None),
    change_bytes_and_hash: Told((1, 1, 1), (1, 1, 1), (Trouble.LEAF_HASH,) * 3, None),
    change_history: Told((1, 1, 1), (1, 1, 1), (ROOT, ROOT, ROOT), "other_root"),
    change_history_without_checkpoints: Told((2, 1, 1), None, (None, ROOT, ROOT), "other_root"),
    change_history_and_sign: Told((0, 1, 1), (0, 1, 1), (None, ROOT, ROOT), "other_root"),
    drop_the_tail: Told((2, 2, 2), (0, 0, 2), (None, None, Trouble.TAIL_MISSING), "smaller"),
    change_after_the_old_checkpoint_and_sign: Told((0, 0, 1), (0, 0, 1), (None, None, ROOT), "other_root"),
    insert_backdated_and_sign: Told((0, 1, 1), (0, 1, 1), (None, ROOT, ROOT), "inconsistent"),
    swap_two: Told((1, 1, 1), (1, 1, 1), (ROOT, ROOT, ROOT), "other_root"),
    delete_before_it_is_in_the_tree: Told((0, 0, 0), (0, 0, 0), (Trouble.UNRECORDED,) * 3, None),
    change_a_row: Told((0, 0, 0), (0, 0, 0), (Trouble.DIFFERS,) * 3, None),
}
ROLLED_BACK: Final = Told((0, 0, 2), (0, 0, 2), (None, None, Trouble.TAIL_MISSING), "smaller")


@dataclass(frozen=True)
class Inspection:
    """Somebody who looks at a connection, and at what they kept."""

    connection: Connection
    scene: Scene
    folder: Path

    def verified(self, files: dict[str, bytes], name: str, anchor: str) -> Outcome:
        """Run the verifier on files."""
        note, place = self.scene.kept(anchor), self.folder / anchor
        place.write_bytes(note or b"")
        brought = () if note is None else ("--checkpoint", str(place))
        return run(write(self.folder / name, files), "--key", write_vkey(self.scene.key.key), *brought)

    def whole(self) -> dict[str, bytes]:
        """Everything the database holds of the log, also what nobody has signed."""
        with seen(self.connection, self.scene.runtime) as work:
            entries = Forger(self.connection, self.scene.key).entries()
            waiting = set(work.session.execute(text("SELECT event_id FROM ledger_pending")).scalars())
            notes = work.session.execute(text("SELECT size, note FROM ledger_checkpoint")).all()
        lines = b"".join(canon + b"\n" for number, canon in entries if number not in waiting)
        return {"entries.ndjson": lines, **{f"checkpoints/{size}": bytes(note) for size, note in notes}}

    def exported(self) -> dict[str, bytes] | None:
        """What ``sluice ledger export`` would write."""
        with seen(self.connection, self.scene.runtime) as work:
            try:
                return {file.path: b"".join(file.pieces) for file in exports.export(work, None, lambda _: False)}
            except NotFoundError:
                return None

    def examined(self, anchor: str) -> tuple[Examined, list[Finding]]:
        """What ``sluice ledger doctor`` finds, with that key."""
        note = self.scene.kept(anchor)
        checkpoints = {} if note is None else {anchor: checkpoint_of(note)}
        outside = Outside(self.scene.key.key, {name: one.size for name, one in checkpoints.items()})
        with seen(self.connection, self.scene.runtime) as work:
            found = doctor.examine(work, outside)
            return found, [*found.findings, *kept.differing(work, checkpoints)]

    def alarm(self) -> str | None:
        """What ``/v1/ledger/health`` says."""
        with seen(self.connection, self.scene.runtime) as work:
            return ledger.health(work, self.scene.key).alarm


def agrees(inspection: Inspection, told: Told) -> None:
    """Everything is found that the table says is found, and nothing else; what is not is said to be possible."""
    for name, files, codes in (
        ("whole", inspection.whole(), told.whole),
        ("export", inspection.exported(), told.export),
    ):
        assert (files is None) is (codes is None), name
        outcomes = [inspection.verified(files, name, anchor) for anchor in ANCHORS] if files and codes else []
        assert tuple(outcome.code for outcome in outcomes) == (codes or ()), (name, outcomes)
        assert all(any(NOT_EXCLUDED in line for line in outcome.open) for outcome in outcomes)
    for anchor, trouble in zip(ANCHORS, told.doctor, strict=True):
        _, found = inspection.examined(anchor)
        assert (trouble in {one.trouble for one in found}) if trouble else found == [], (anchor, found)
    assert inspection.alarm() == told.signer


@pytest.mark.parametrize("attack", TABLE, ids=lambda attack: attack.__name__)
def test_an_attack_is_found_as_the_table_says_and_otherwise_said_to_be_possible(
    scene: Scene, tmp_path: Path, attack: Attack
) -> None:
    with owned(scene.runtime.engine) as connection:
        attack(Forger(connection, scene.key), scene)
        agrees(Inspection(connection, scene, tmp_path), TABLE[attack])


def test_a_restored_backup_is_found_by_the_newest_checkpoint_alone_and_by_the_signer(
    scene: Scene, tmp_path: Path
) -> None:
    with scene.backup.engine.connect() as connection:
        agrees(Inspection(connection, scene, tmp_path), ROLLED_BACK)
        connection.rollback()


def test_a_restored_backup_is_not_signed_whatever_is_done_with_it_afterwards(scene: Scene) -> None:
    with databases.copied(scene.backup.engine) as engine:
        restored = replace(scene.runtime, engine=engine)
        ledger.catch_up(restored)
        refusals = []
        for _ in range(scene.sizes[1] - scene.sizes[0] + 1):
            with pytest.raises(SignerRefusesError) as told:
                ledger.checkpoint(restored)
            with restored.work(SYSTEM, read_only=True) as work:
                assert ledger.health(work, scene.key).alarm == told.value.figures["because"]
            refusals.append(told.value.figures["because"])
            tending.wait(restored, "t-1")
            ledger.catch_up(restored)
        assert set(refusals[:-1]) == {"smaller"}
        assert refusals[-1] == "other_root"


def test_what_the_verifier_shows_of_an_unsigned_tail_and_a_missing_one(scene: Scene, tmp_path: Path) -> None:
    old, fresh = scene.sizes
    with owned(scene.runtime.engine) as connection:
        drop_the_tail(Forger(connection, scene.key), scene)
        inspection = Inspection(connection, scene, tmp_path)
        alone = inspection.verified(inspection.whole(), "whole", "none")
        missed = inspection.verified(inspection.whole(), "whole", "fresh")
        found, _ = inspection.examined("none")
    assert alone.found == [f"no checkpoint covers what follows entry {old}"]
    assert f"entries below checkpoint {fresh} are missing: {fresh - 1} given" in missed.found
    assert (found.checkpoint, found.size) == (old, fresh - 1)
