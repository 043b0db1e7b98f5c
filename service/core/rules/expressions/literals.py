"""Numbers and texts written in an expression."""

import re
from decimal import Decimal

from service.core.rules.expressions.mistakes import Mistake
from service.core.values import DIGITS

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_SIMPLE = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "t": "\t"}
_SURROGATES = range(0xD800, 0xE000)


def number_literal(text: str, offset: int) -> tuple[Decimal, tuple[Mistake, ...]]:
    """Read ``5`` or ``5.0`` at ``offset``. Significant digits count by value: ``1.500`` has two."""
    value = Decimal(text)
    digits = text.replace(".", "").strip("0")
    if len(digits) > DIGITS:
        return value, (Mistake(offset, "number_digits", {"found": len(digits), "limit": DIGITS}),)
    return value, ()


def text_literal(text: str, offset: int) -> tuple[str, tuple[Mistake, ...]]:
    """Read a text in either quote, at ``offset``, with its escapes; each escape that does not exist is a mistake."""
    mistakes: list[Mistake] = []

    def character(escape: re.Match[str]) -> str:
        code = escape[1]
        if code in _SIMPLE:
            return _SIMPLE[code]
        if len(code) > 1 and int(code[1:], 16) not in _SURROGATES:
            return chr(int(code[1:], 16))
        mistakes.append(Mistake(offset + 1 + escape.start(), "text_escape", {"found": escape[0]}))
        return ""

    return _ESCAPE.sub(character, text[1:-1]), tuple(mistakes)
