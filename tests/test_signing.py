"""What is signed follows what was signed before, whatever is asked of the signer."""

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from service import signing
from service.config import Settings, SettingsError
from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.merkle import Frontier, consistency, extend, root
from service.core.ledger.notes import read_note, verify
from service.core.ledger.proofs import checkpoint_of
from service.core.ledger.spelling import read_base64
from service.signing import Signer, SignerRefusesError

ORIGIN = "zone.example/ledger/1"
LEAVES = [bytes([n]) * 32 for n in range(1, 41)]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return opened(tmp_path)


def opened(folder: Path, **changes: str) -> Signer:
    path = folder / "key"
    if not path.exists():
        signing.make_key(path)
    settings = Settings(ledger_key_file=str(path), ledger_origin=ORIGIN)
    found = signing.open_signer(replace(settings, **changes))  # type: ignore[arg-type]  # only texts are changed
    assert found is not None
    return found


def tree(size: int, leaves: Sequence[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root(extend(Frontier(), leaves[:size])[0]))


def proves(size: int, leaves: Sequence[bytes] = LEAVES) -> signing.Proves:
    return lambda old: consistency(lambda _, index: leaves[index], old, size)


def sign(signer: Signer, size: int, leaves: Sequence[bytes] = LEAVES, *, is_first: bool = False) -> bytes:
    return signer.signed(tree(size, leaves), proves(size, leaves), is_first=is_first)


def refused(signer: Signer, size: int, leaves: Sequence[bytes] = LEAVES) -> object:
    before = signer.memory.read_bytes()
    with pytest.raises(SignerRefusesError) as told:
        sign(signer, size, leaves)
    assert signer.memory.read_bytes() == before
    return told.value.figures["because"]


def test_what_is_signed_holds_and_is_remembered(signer: Signer) -> None:
    note = sign(signer, 3, is_first=True)
    assert [one.key for one in verify(read_note(note), [signer.key])] == [signer.key]
    assert checkpoint_of(note) == tree(3)
    assert signer.memory.read_bytes() == note


def test_a_tree_that_grew_is_signed_and_the_same_one_again_with_the_same_bytes(signer: Signer) -> None:
    sign(signer, 3, is_first=True)
    note = sign(signer, 17)
    assert sign(signer, 17) == note


def test_a_smaller_tree_is_refused(signer: Signer) -> None:
    sign(signer, 17, is_first=True)
    assert refused(signer, 16) == "smaller"


def test_another_tree_of_the_same_size_is_refused(signer: Signer) -> None:
    sign(signer, 17, is_first=True)
    assert refused(signer, 17, [*LEAVES[:5], bytes(32), *LEAVES[6:]]) == "other_root"


@pytest.mark.parametrize("old", [1, 2, 3, 7, 8, 16])
def test_a_larger_tree_with_another_beginning_is_refused(signer: Signer, old: int) -> None:
    sign(signer, old, is_first=True)
    assert refused(signer, 17, [bytes(32), *LEAVES[1:]]) == "inconsistent"
    sign(signer, 17)


def test_the_tree_of_another_ledger_is_refused(signer: Signer) -> None:
    sign(signer, 3, is_first=True)
    with pytest.raises(SignerRefusesError) as told:
        signer.signed(replace(tree(4), origin="zone.example/ledger/2"), proves(4), is_first=False)
    assert told.value.figures == {"because": "origin"}


def test_a_lost_memory_is_not_taken_for_a_first_signature(signer: Signer) -> None:
    sign(signer, 3, is_first=True)
    signer.memory.unlink()
    with pytest.raises(SignerRefusesError) as told:
        sign(signer, 4)
    assert told.value.figures == {"because": "memory_lost"}


def test_a_memory_that_cannot_be_read_is_not_overwritten(signer: Signer) -> None:
    signer.memory.write_bytes(b"torn")
    assert refused(signer, 4) == "memory_broken"


def test_what_is_remembered_counts_even_when_the_database_says_it_is_the_first(signer: Signer) -> None:
    sign(signer, 17, is_first=True)
    with pytest.raises(SignerRefusesError):
        sign(signer, 3, is_first=True)


def test_every_checkpoint_is_added_to_the_anchor(tmp_path: Path) -> None:
    signer = opened(tmp_path, ledger_anchor_file=str(tmp_path / "anchor"))
    notes = [sign(signer, 3, is_first=True), sign(signer, 5), sign(signer, 9)]
    assert (tmp_path / "anchor").read_bytes() == b"".join(note + b"\n" for note in notes)


def sign_up_to(folder: str, size: int) -> None:
    signer = opened(Path(folder), ledger_anchor_file=f"{folder}/anchor")
    for one in range(2, size):
        try:
            sign(signer, one)
        except SignerRefusesError as error:
            assert error.figures == {"because": "smaller"}  # noqa: PT017 - only whoever comes late is refused


def test_several_processes_that_sign_never_go_back(tmp_path: Path) -> None:
    signer = opened(tmp_path, ledger_anchor_file=str(tmp_path / "anchor"))
    sign(signer, 1, is_first=True)
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=sign_up_to, args=(str(tmp_path), 30)) for _ in range(2)]
    for other in others:
        other.start()
    sign_up_to(str(tmp_path), 40)
    for other in others:
        other.join()
    assert checkpoint_of(signer.memory.read_bytes()) == tree(39)
    signed = [checkpoint_of(note + b"\n").size for note in (tmp_path / "anchor").read_bytes().split(b"\n\n\n")[:-1]]
    assert signed == sorted(signed)


def test_a_signer_killed_at_any_moment_leaves_a_whole_memory(tmp_path: Path) -> None:
    signer = opened(tmp_path)
    sign(signer, 1, is_first=True)
    for moment in range(20):
        child = os.fork()
        if child == 0:
            for size in range(checkpoint_of(signer.memory.read_bytes()).size, 41):
                sign(signer, size)
            os._exit(0)
        time.sleep(moment / 500)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert checkpoint_of(signer.memory.read_bytes()).origin == ORIGIN


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    seed = signing.make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(seed) == 32
    with pytest.raises(FileExistsError):
        signing.make_key(path)


def test_a_key_may_be_written_in_hex(tmp_path: Path) -> None:
    path = tmp_path / "key"
    signer = opened(tmp_path)
    seed = read_base64(path.read_text(encoding="ascii").strip())
    path.write_text(f"{seed.hex()}\n", encoding="ascii")
    assert opened(tmp_path).key == signer.key


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (b"", 0o600, "setting_key"),
        (b"c2hvcnQ=", 0o600, "setting_key"),
        (b"\xff" * 32, 0o600, "setting_key"),
        (b"0" * 64, 0o640, "setting_key_open"),
        (b"0" * 64, 0o604, "setting_key_open"),
    ],
)
def test_a_file_that_holds_no_key_or_lets_others_read_it_is_refused(
    tmp_path: Path, content: bytes, mode: int, code: str
) -> None:
    (tmp_path / "key").write_bytes(content)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(SettingsError) as told:
        opened(tmp_path)
    assert [(flaw.pointer, flaw.code) for flaw in told.value.flaws] == [("SLUICE_LEDGER_KEY_FILE", code)]


def test_a_key_that_is_not_there_is_told_not_made(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        signing.open_signer(Settings(ledger_key_file=str(tmp_path / "none"), ledger_origin=ORIGIN))
    assert list(tmp_path.iterdir()) == []


def test_without_a_key_there_is_no_signer() -> None:
    assert signing.open_signer(Settings()) is None


def test_a_demonstration_makes_its_key_and_keeps_it(tmp_path: Path) -> None:
    settings = Settings(ledger_key_file=str(tmp_path / "key"), ledger_origin=ORIGIN, demo=True)
    first, second = signing.open_signer(settings), signing.open_signer(settings)
    assert first is not None
    assert second is not None
    assert first.key == second.key


def test_a_name_no_key_can_have_is_refused() -> None:
    with pytest.raises(MalformedError):
        signing.verifier_key(bytes(32), "two words")
