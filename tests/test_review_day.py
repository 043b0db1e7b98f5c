"""The review day of the examples, played against a real server with the demonstration, on both databases."""

import json
import os
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from service.actions import doctor, people
from service.actions.doctor import Outside
from service.core.people import SYSTEM
from service.work import Runtime

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "examples" / "review_day.py"
SLUICE = Path(sys.executable).with_name("sluice")

SUMMARY = """
       project                        declared     verified     decided      because
  ---  -----------------------------  -----------  -----------  -----------  ------------
  A01  Precision reducers for robots  approve      approve      approve      majority
  A02  Diagnostic imaging equipment   approve      approve      approve      majority
  A03  Lithium battery cells          conditional  conditional  conditional  majority
  A04  Pharmaceutical intermediates   reject       reject       reject       majority
  A05  Polyolefin elastomers          conditional  conditional  conditional  majority
  A06  Supply-chain headquarters      defer        defer        defer        majority
  A07  Green data centre              conditional  conditional  conditional  majority
  A08  Paper-based filter materials   defer        defer        defer        majority
  A09  Recombinant protein drugs      defer        defer        -            carried_over
  A10  Cement clinker line            reject       reject       reject       majority
  A11  Cold-chain hub                 defer        defer        defer        majority
  A12  Industrial internet software   approve      approve      approve      tie_chair
"""


@dataclass(frozen=True)
class Demonstration:
    """A server with the demonstration, and the file with its people and keys."""

    address: str
    keys: Path

    def play(self) -> subprocess.CompletedProcess[str]:
        """Play the day as somebody at a terminal does."""
        command = [sys.executable, str(SCRIPT), self.address, "--keys", str(self.keys)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def key(self, role: str) -> str:
        """The key of whoever has a role first."""
        told: dict[str, Any] = json.loads(self.keys.read_text(encoding="utf-8"))
        found: str = next(one["key"] for one in told["people"] if one["role"] == role)
        return found


@pytest.fixture
def environment(runtime: Runtime, tmp_path: Path) -> Mapping[str, str]:
    settings = runtime.settings
    return {
        **os.environ,  # noqa: TID251 - a process needs the surroundings of its parent
        "SLUICE_DATABASE_URL": settings.database_url,
        "SLUICE_DEMO": "true",
        "SLUICE_EVIDENCE_FOLDER": settings.evidence_folder,
        "SLUICE_LEDGER_KEY_FILE": settings.ledger_key_file,
        "SLUICE_LEDGER_ORIGIN": settings.ledger_origin,
        "XDG_RUNTIME_DIR": str(tmp_path),
    }


@pytest.fixture
def demonstration(environment: Mapping[str, str], tmp_path: Path) -> Iterator[Demonstration]:
    keys = tmp_path / "demo-keys.json"
    subprocess.run([SLUICE, "demo", "--keys", keys], cwd=ROOT, env=environment, capture_output=True, check=True)
    with socket.create_server(("127.0.0.1", 0)) as listener, (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
        served = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
        )
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert requests.get(f"{address}/readyz", timeout=60).ok
        yield Demonstration(address, keys)
        served.terminate()
        assert served.wait() == 0


def require_day(played: subprocess.CompletedProcess[str]) -> set[str]:
    """Demand that a day ended as it should; give the numbers of its cases."""
    assert (played.returncode, played.stderr) == (0, "")
    said = played.stdout
    assert said.endswith(SUMMARY)
    assert "32 accepted, 1 refused" in said
    assert "and has not answered: not late" in said
    assert re.search(r"A08, water_quota: Refused: 409 gate_of_law: .+", said)
    assert re.search(r"A02 .+ steps aside\. Refused: 404 not_found: .+", said)
    assert re.search(r"A04 .+ support it\. Refused: 409 override_forbidden: .+ in the shoreline control zone", said)
    assert re.search(r"\d+ waiting, alarm: none\n.+\n.+ hashes lead from it to the signed root: proven\n", said)
    return set(re.findall(r"\b\d{4}-\d{4}\b", said))


def require_agreement(runtime: Runtime, key: str, days: int) -> None:
    """Demand that the tables are what the ledger tells, and that every assessment comes out again as it was."""
    with runtime.work(SYSTEM, read_only=True) as work:
        auditor = people.who(work.session, key, work.now)
    with runtime.work(auditor, read_only=True) as work:
        examined = doctor.examine(work, Outside(None, {}))
    assert examined.findings == ()
    told = Counter(one.told for one in examined.replayed)
    assert told == {"report": 12 + days * 12, "declared": days * 12, "verified": days * 12}


@pytest.mark.parametrize(("database", "days"), [("sqlite", 2), ("postgresql", 1)], indirect=["database"])
def test_a_review_day_ends_as_it_should_and_can_be_played_again(
    demonstration: Demonstration, runtime: Runtime, days: int
) -> None:
    numbers = [require_day(demonstration.play()) for _ in range(days)]
    assert len(set().union(*numbers)) == 12 * days
    require_agreement(runtime, demonstration.key("auditor"), days)


def test_people_who_are_missing_are_named_before_anything_is_done(tmp_path: Path) -> None:
    few = tmp_path / "few.json"
    few.write_text('{"people": []}', encoding="utf-8")
    played = Demonstration("http://127.0.0.1:1", few).play()
    assert played.returncode == 1
    assert "'chair': 1" in played.stderr
    assert "Traceback" not in played.stderr


def test_where_nobody_answers_or_no_keys_are_kept_it_says_what_to_start(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    told = [
        {"id": "1", "name": "甲", "role": role, "department": None, "key": "k"}
        for role, count in {"officer": 2, "reviewer": 3, "secretary": 1, "chair": 1, "member": 5, "auditor": 1}.items()
        for _ in range(count)
    ]
    absent = Demonstration("http://127.0.0.1:1", keys)
    without_keys = absent.play()
    keys.write_text(json.dumps({"people": told}), encoding="utf-8")
    without_service = absent.play()
    for played in (without_keys, without_service):
        assert played.returncode == 1
        assert "make run" in played.stderr
        assert "Traceback" not in played.stderr
