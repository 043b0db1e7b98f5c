"""From characters to nodes: YAML 1.2 as ruamel.yaml parses it, without the parts that hide things.

Anchors, aliases, tags, directives, further documents and duplicate keys are faults. Scalars keep their text; what it
stands for is read where it is wanted (``scalars``). Where YAML itself breaks, reading goes on with the next section.
"""

import re
from collections.abc import Collection

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from service.core.rules.faults import Fault, Place, Severity
from service.core.rules.reading.build import Building, EnoughError
from service.core.rules.reading.collect import Faults
from service.core.rules.reading.diagnose import diagnose
from service.core.rules.reading.loader import Loader
from service.core.rules.reading.nodes import Node
from service.core.rules.reading.text import Source

_SECTION = re.compile(r"^([A-Za-z_]+)[ \t]*:(?=[ \t\r\n]|\Z)", re.MULTILINE)
_FIRST_WORD = re.compile(r"[A-Za-z_]*")


def compose(source: Source, sections: Collection[str], faults: Faults) -> Node | None:
    """Read the one document of a file; None where a fault leaves nothing to go on with. Never raises.

    ``sections`` are the keys at which reading may go on after a fault. The section it is in is then left out.
    """
    building = Building(source, faults)
    start: int | None = 0
    try:
        while start is not None:
            start = _read_from(source, start, sections, building)
    except EnoughError:
        return None
    if building.root is None:
        faults.form(Place(1, 1), "yaml_empty")
    return building.root


def _read_from(source: Source, start: int, sections: Collection[str], building: Building) -> int | None:
    """Read on from a character. Gives the one to go on from after a fault, if there is any."""
    loader = Loader(source, start)
    try:
        while loader.check_event():
            building.take(loader.get_event())
    except MarkedYAMLError as error:
        fault = diagnose(source, error)
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError, AssertionError, OverflowError):
        # Beyond what the parser itself refuses; all that is known is how far it came.
        fault = Fault(source.place(loader.index), Severity.FORM, "yaml_syntax")
    else:
        return None
    begins = source.lines[fault.place.line - 1]
    word = _FIRST_WORD.match(source.text, begins)
    building.interrupt(fault, word[0] if word is not None and word[0] in sections else None)
    further = _SECTION.finditer(source.text, max(begins, start) + 1)
    return next((found.start() for found in further if found[1] in sections), None)
