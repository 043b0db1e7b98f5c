"""The small rulebook with cases of its own, for what is said about cases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from service.cli.files import examples
from service.core.rules.faults import Place
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from tests import make

ROOT: Final = Path(__file__).parent.parent.parent.parent
DEFAULT: Final = ROOT / "rules.yaml"
EXAMPLES: Final = examples(DEFAULT)


def no_examples(_name: str) -> None:
    """There are none."""


# Facts under which the gate passes: 80.5 points, category B.
SOUND: Final = 'industry_code: "3453", nature: new, output: 80.5, water: 12.5'


def text(cases: Mapping[str, str], *changes: tuple[str, str]) -> str:
    """The small rules file: changes of its text (old, new), and cases by name: ``{facts}, {expect}`` as flow YAML."""
    written = "".join(f"  - {{name: {name}, {case}}}\n" for name, case in cases.items())
    found = make.edition().decode().replace("cases: []\n", f"cases:\n{written}" if written else "cases: []\n")
    for old, new in changes:
        assert found.count(old) == 1, old
        found = found.replace(old, new)
    return found


def book(cases: Mapping[str, str], *changes: tuple[str, str]) -> Rulebook:
    """The same, loaded."""
    return loaded(text(cases, *changes).encode())


def loaded(content: bytes) -> Rulebook:
    """A rulebook without faults."""
    found = load(content)
    assert found.rulebook is not None, found.faults
    return found.rulebook


def place(rulebook: Rulebook, line: str, at: str | None = None) -> Place:
    """Where ``at`` stands in the one line of the file that holds ``line``."""
    lines = rulebook.source.decode().splitlines()
    (number,) = (number for number, found in enumerate(lines, start=1) if line in found)
    return Place(number, lines[number - 1].index(at or line) + 1)
