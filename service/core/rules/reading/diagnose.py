"""Why a text is no YAML: from ruamel's refusal to the one fault that helps whoever wrote it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError, StringMark

from service.core.rules.faults import Fault, Severity
from service.core.rules.reading.text import Source

_WIDE_COLON = re.compile(r"\s*(?:- +)*[A-Za-z_][\w.-]*\s*(：)", re.ASCII)
_WIDE_INDENT = re.compile(r" *(\u3000)[ \u3000]*(?:- +)?[A-Za-z_][\w.-]*[:：]", re.ASCII)
_WIDE_IN_FLOW = re.compile(r"""("(?:[^"\\]|\\.)*"|'[^']*')|([，：；｛｝［］【】、])""", re.DOTALL)
_MEANT = {"，": ",", "：": ":", "；": ",", "｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]", "、": ","}
_PROPERTY = re.compile(r"(?:^ *|[:?-] +|[\[{,] *)([!&*])", re.MULTILINE)
_PROPERTIES = {"!": "yaml_tag", "&": "yaml_anchor", "*": "yaml_alias"}
_STARTS = re.compile(r"found character '(.*)' that cannot start")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What ruamel says: the problem, where it is, and where what it is in begins."""

    source: Source
    problem: str
    at: int
    begins: int

    def fault(self, at: int, code: str, **figures: object) -> Fault:
        return Fault(self.source.place(at), Severity.FORM, code, figures)

    def line(self, at: int) -> int:
        return self.source.place(at).line


def diagnose(source: Source, error: MarkedYAMLError) -> Fault:
    """Turn a refusal into a fault at the character that is wrong."""
    at, begins = _index(error.problem_mark), _index(error.context_mark)
    at = begins if at is None else at
    refusal = _Refusal(source, error.problem or error.context or "", at or 0, (at or 0) if begins is None else begins)
    for reason in _REASONS:
        fault = reason(refusal)
        if fault is not None:
            return fault
    return refusal.fault(refusal.at, "yaml_syntax")


def _index(mark: StringMark | None) -> int | None:
    return None if mark is None else mark.index


def _wide_colon(refusal: _Refusal) -> Fault | None:
    """Look for ``key：value`` where the trouble is, and on the line before it."""
    text, lines = refusal.source.text, refusal.source.lines
    last = refusal.line(refusal.at)
    for line in sorted({refusal.line(refusal.begins), max(last - 1, 1), last}):
        match = _WIDE_COLON.match(text, lines[line - 1])
        if match is not None and refusal.line(match.start(1)) == line:
            return refusal.fault(match.start(1), "yaml_full_width", found="：", meant=":")
    return None


def _wide_indent(refusal: _Refusal) -> Fault | None:
    """Look for a line that is indented with wide spaces: where the trouble is, and before it."""
    last = refusal.line(refusal.at)
    for line in (max(last - 1, 1), last):
        match = _WIDE_INDENT.match(refusal.source.text, refusal.source.lines[line - 1])
        if match is not None:
            return refusal.fault(match.start(1), "yaml_full_width", found="　", meant=" ")
    return None


def _wide_in_flow(refusal: _Refusal) -> Fault | None:
    if "expected ',' or" in refusal.problem:
        for match in _WIDE_IN_FLOW.finditer(refusal.source.text, refusal.begins, refusal.at + 1):
            if match[2]:
                return refusal.fault(match.start(2), "yaml_full_width", found=match[2], meant=_MEANT[match[2]])
    return None


def _bracket(refusal: _Refusal) -> Fault | None:
    if "expected ',' or" not in refusal.problem:
        return None
    opened = refusal.source.text[refusal.begins]
    if refusal.line(refusal.begins) == refusal.line(refusal.at):
        return refusal.fault(refusal.at, "yaml_comma", opened=opened)
    return refusal.fault(refusal.begins, "yaml_bracket_open", opened=opened)


def _start(refusal: _Refusal) -> Fault | None:
    match = _STARTS.match(refusal.problem)
    if match is None:
        return None
    if refusal.source.text[refusal.at] == "\t":
        return refusal.fault(refusal.at, "yaml_tab")
    return refusal.fault(refusal.at, "yaml_start", found=refusal.source.text[refusal.at])


def _escape(refusal: _Refusal) -> Fault | None:
    if "escape" not in refusal.problem:
        return None
    at = refusal.source.text.rindex("\\", 0, refusal.at + 1)
    return refusal.fault(at, "yaml_escape", found=refusal.source.text[at : at + 2])


def _quote(refusal: _Refusal) -> Fault | None:
    if "end of stream" in refusal.problem or "document separator" in refusal.problem:
        return refusal.fault(refusal.begins, "yaml_quote_open")
    return None


def _after_quote(refusal: _Refusal) -> Fault | None:
    """Look for a text that goes on after its closing quote, such as an expression that begins with one."""
    before = refusal.source.text[: refusal.at].rstrip(" ")
    if "<block end>" in refusal.problem and before.endswith(('"', "'")):
        return refusal.fault(refusal.at, "yaml_after_quote")
    return None


def _property(refusal: _Refusal) -> Fault | None:
    """Look for what begins with ``!``, ``&`` or ``*``, such as an expression without quotes."""
    for at in (refusal.begins, refusal.at):
        line = refusal.source.lines[refusal.line(at) - 1]
        match = _PROPERTY.search(refusal.source.text, line, at + 1)
        if match is not None:
            return refusal.fault(match.start(1), _PROPERTIES[match[1]])
    return None


def _known(refusal: _Refusal) -> Fault | None:
    for words, code, at_start in _CODES:
        if words in refusal.problem:
            return refusal.fault(refusal.begins if at_start else refusal.at, code)
    return None


# Words of ruamel's, the code, and whether it belongs to where the broken thing begins.
_CODES: tuple[tuple[str, str, bool], ...] = (
    ("could not find expected ':'", "yaml_no_colon", True),
    ("mapping values are not allowed", "yaml_colon", False),
    ("mapping keys are not allowed", "yaml_content", False),
    ("sequence entries are not allowed", "yaml_dash", False),
    ("document end marker", "yaml_documents", False),
    ("<document start>", "yaml_indentation", False),
    ("<block end>", "yaml_indentation", False),
    ("node content", "yaml_content", False),
    ("indentation indicator", "yaml_block_mark", False),
    ("comment or a line break", "yaml_block_mark", False),
    ("more indented follow up", "yaml_block_indent", False),
    ("directive", "yaml_directive", False),
)
# The first that knows what happened speaks.
_REASONS: tuple[Callable[[_Refusal], Fault | None], ...] = (
    _wide_indent,
    _wide_colon,
    _wide_in_flow,
    _bracket,
    _start,
    _escape,
    _quote,
    _after_quote,
    _property,
    _known,
)
