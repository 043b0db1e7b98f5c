"""Why a text is no YAML: from ruamel's refusal to the one fault that helps whoever wrote it."""

from ruamel.yaml.error import MarkedYAMLError

from service.core.rules.faults import Fault, Place, Severity
from service.core.rules.reading.text import Source


def diagnose(source: Source, error: MarkedYAMLError) -> Fault:
    """Turn a refusal into a fault at the character that is wrong."""
    mark = error.problem_mark or error.context_mark
    place = Place(1, 1) if mark is None else Place(mark.line + 1, mark.column + 1)
    return Fault(place, Severity.FORM, "yaml_syntax")
