"""What keeps a rules file from becoming an edition: every fault there is, and every case of its own that fails."""

from collections.abc import Iterable, Iterator

from service.core.rules import cases
from service.core.rules.cases import Difference, Examples, Figure, Run
from service.core.rules.check import check
from service.core.rules.engine import Engine
from service.core.rules.faults import Fault, Place, Severity
from service.core.rules.load import load
from service.core.values import number_text


def examine(source: bytes, examples: Examples) -> tuple[Fault, ...]:
    """Give every fault and warning of a rules file, and its cases that come out otherwise, in the order of the file.

    The cases are only run where the file can be used at all. Never raises.
    """
    found = [*check(source, examples), *_failing(source, examples)]
    return tuple(sorted(found, key=lambda fault: fault.place))


def stopping(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Leave out the warnings: with any of the others a file is not released."""
    return tuple(fault for fault in faults if fault.severity is not Severity.WARNING)


def _failing(source: bytes, examples: Examples) -> Iterator[Fault]:
    rulebook = load(source).rulebook
    if rulebook is not None:
        for run in cases.run(Engine(rulebook, {}), examples):
            yield from _of_run(run)


def _of_run(run: Run) -> Iterator[Fault]:
    place, name = Place(run.case.line, 1), run.case.name
    for flaw in run.flaws:
        yield Fault(place, Severity.POLICY, "case_refused", {"name": name, "pointer": flaw.pointer})
    for difference in run.differences:
        yield Fault(place, Severity.POLICY, "case_differs", {"name": name, **_told(difference)})


def _told(difference: Difference) -> dict[str, object]:
    return {
        "what": difference.what,
        "expected": _written(difference.expected),
        "found": _written(difference.found),
    }


def _written(figure: Figure) -> str:
    """Write a figure as the file does."""
    if figure is None:
        return "null"
    if isinstance(figure, tuple):
        return f"[{', '.join(figure)}]"
    if isinstance(figure, bool):
        return str(figure).lower()
    return figure if isinstance(figure, str) else number_text(figure)
