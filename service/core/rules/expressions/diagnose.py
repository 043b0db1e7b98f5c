"""Why a text is no expression: from lark's refusal to the one mistake that helps whoever wrote it.

Texts come from people with Chinese keyboards, and from people who know SQL, Python or a spreadsheet; what they write
by habit has a code of its own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from service.core.rules.expressions.mistakes import Mistake

_SCAN = re.compile(r""""(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|“[^”]*”?|‘[^’]*’?|.""", re.DOTALL)
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    "\u3000": " ",
    "\u00a0": " ",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "「": '"',
    "」": '"',
    "、": ",",
    "。": ".",
    "·": "*",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "—": "-",
    "【": "[",
    "】": "]",
    "〔": "[",
    "〕": "]",
    "《": "<",
    "》": ">",
    "〈": "<",
    "〉": ">",
    "≠": "!=",
    "≤": "<=",
    "≦": "<=",
    "≥": ">=",
    "≧": ">=",
}
_WORDS = {"and": "&&", "or": "||", "not": "!"}
_PAIRS = {")": "(", "]": "["}
_MISSPELT = re.compile(r"===|!==|<>|=<|=>|=|&|\|")
_MEANT = {"===": "==", "!==": "!=", "<>": "!=", "=<": "<=", "=>": ">=", "=": "==", "&": "&&", "|": "||"}


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Where the grammar gave up: ``operand`` says that a value was expected there, not an operator."""

    text: str
    at: int
    found: str
    operand: bool
    character: bool


def spelling_mistakes(text: str, most_brackets: int) -> Iterator[Mistake]:
    """Find what can be told without the grammar: characters of a Chinese keyboard, and too many brackets."""
    brackets = 0
    for part in _SCAN.finditer(text):
        first = part[0][0]
        if len(part[0]) == 1 and first in "\"'":
            return  # an open text: what follows is no syntax
        brackets += first in "(["
        if first in "([" and brackets == most_brackets + 1:
            yield Mistake(part.start(), "too_many_brackets", {"limit": most_brackets})
        for offset in {0, len(part[0]) - 1}:
            found = part[0][offset]
            if first not in "\"'" and found in _FULL_WIDTH:
                yield Mistake(part.start() + offset, "full_width", {"found": found, "meant": _FULL_WIDTH[found]})


def diagnose(text: str, error: UnexpectedInput) -> Mistake:
    """Turn the refusal of the grammar into a mistake at the character that is wrong."""
    refusal = _refusal(text, error)
    for reason in _REASONS:
        mistake = reason(refusal)
        if mistake is not None:
            return mistake
    code = "unexpected_character" if refusal.character else "unexpected"
    return Mistake(refusal.at, code, {"found": refusal.found})


def _refusal(text: str, error: UnexpectedInput) -> _Refusal:
    if isinstance(error, UnexpectedToken):
        at = len(text) if error.token.type == "$END" else error.token.start_pos or 0
        return _Refusal(text, at, str(error.token), "NUMBER" in error.expected, character=False)
    at = error.pos_in_stream or 0
    allowed = error.allowed if isinstance(error, UnexpectedCharacters) else set()
    return _Refusal(text, at, text[at : at + 1], "NUMBER" in allowed, character=True)


def _number(refusal: _Refusal) -> Mistake | None:
    written = len(refusal.text[: refusal.at].rstrip())
    for word in re.finditer(r"(?<![\w.])(?:[0-9]|\.[0-9])[\w.]*", refusal.text, re.ASCII):
        if word.start() <= refusal.at and written <= word.end() and not re.fullmatch(r"[0-9]+(\.[0-9]+)?", word[0]):
            return Mistake(word.start(), "number_form", {"found": word[0]})
    return None


def _end(refusal: _Refusal) -> Mistake | None:
    if refusal.at < len(refusal.text):
        return None
    if not refusal.text.strip():
        return Mistake(0, "empty", {})
    opened, _ = _brackets(refusal.text)
    if opened and not refusal.operand:
        at, bracket = opened[-1]
        return Mistake(at, "bracket_open", {"found": bracket})
    return Mistake(refusal.at, "ends_early", {})


def _quote(refusal: _Refusal) -> Mistake | None:
    if refusal.found[:1] not in {"'", '"'}:
        return None
    before = re.search(r"(\w+|''|\"\")$", refusal.text[: refusal.at], re.ASCII)
    if before is not None:
        return Mistake(before.start(), "text_form", {})
    if refusal.character:
        return Mistake(refusal.at, "text_open", {})
    return None


def _comment(refusal: _Refusal) -> Mistake | None:
    if refusal.text[refusal.at - 1 : refusal.at + 1] in {"//", "/*"} and refusal.at > 0:
        return Mistake(refusal.at - 1, "comment", {})
    return Mistake(refusal.at, "comment", {}) if refusal.found == "#" else None


def _operator(refusal: _Refusal) -> Mistake | None:
    for match in _MISSPELT.finditer(re.sub(r"(?<![=!<>])(==|!=|<=|>=|&&|\|\|)(?!=)", "  ", refusal.text)):
        if match.start() <= refusal.at < match.end():
            code = "single_equals" if match[0] == "=" else "operator_spelling"
            return Mistake(match.start(), code, {"found": match[0], "meant": _MEANT[match[0]]})
    return None


def _word(refusal: _Refusal) -> Mistake | None:
    before = re.search(r"(?<!\w)not\s+$", refusal.text[: refusal.at], re.IGNORECASE)
    if before is not None:
        return Mistake(before.start(), "word_operator", {"found": before[0].strip(), "meant": "!"})
    if refusal.found.lower() in _WORDS:
        meant = _WORDS[refusal.found.lower()]
        return Mistake(refusal.at, "word_operator", {"found": refusal.found, "meant": meant})
    return None


def _letters(refusal: _Refusal) -> Mistake | None:
    if refusal.character:
        for word in re.finditer(r"\w+", refusal.text):
            if word.start() <= refusal.at < word.end():
                return Mistake(word.start(), "name_letters", {"found": word[0]})
    return None


def _bracket(refusal: _Refusal) -> Mistake | None:
    if refusal.found == "[":
        return Mistake(refusal.at, "no_index", {})
    if refusal.found in {"{", "}"}:
        return Mistake(refusal.at, "no_maps", {})
    _, unopened = _brackets(refusal.text)
    if refusal.found in _PAIRS and refusal.at in unopened:
        return Mistake(refusal.at, "bracket_close", {"found": refusal.found})
    return None


def _question(refusal: _Refusal) -> Mistake | None:
    return Mistake(refusal.at, "conditional_brackets", {}) if refusal.found == "?" and not refusal.operand else None


def _brackets(text: str) -> tuple[list[tuple[int, str]], set[int]]:
    """Find the brackets left open, outermost first, and the places of those that close nothing."""
    opened: list[tuple[int, str]] = []
    unopened: set[int] = set()
    for part in _SCAN.finditer(text):
        if part[0] in {"(", "["}:
            opened.append((part.start(), part[0]))
        elif part[0] in _PAIRS and opened and opened[-1][1] == _PAIRS[part[0]]:
            opened.pop()
        elif part[0] in _PAIRS:
            unopened.add(part.start())
    return opened, unopened


# The first that knows what happened speaks.
_REASONS: tuple[Callable[[_Refusal], Mistake | None], ...] = (
    _number,
    _end,
    _quote,
    _comment,
    _operator,
    _word,
    _letters,
    _bracket,
    _question,
)
