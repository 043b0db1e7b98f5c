"""The unified social credit code of an applicant: 18 characters with two check digits.

GB 32100 gives the shape and the last character, GB 11714 the one before it (the organisation code's own check).
Surrounding space is dropped, nothing else is changed: a lower-case letter is a flaw with its position, not something
to be mended unseen. The first two characters (authority and kind of body) may be letters, the region must be digits.
"""

from collections.abc import Callable, Mapping

from service.core.errors import Flaw

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_POINTER = "/credit_code"
_REGION = slice(2, 8)
_ORGANISATION = slice(8, 16)
_ORGANISATION_CHECK = 16
_CHECK = 17
_WEIGHTS = tuple(pow(3, position, 31) for position in range(_CHECK))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_CHECKS = "0123456789X"


def trimmed(text: str) -> str:
    """Drop the space around a code; nothing inside it is touched."""
    return text.strip()


def organisation_check(body: str) -> str:
    """Give the GB 11714 check character for the eight characters of an organisation code (letters count from A=10)."""
    total = sum(int(symbol, 36) * weight for symbol, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return ORGANISATION_CHECKS[(11 - total % 11) % 11]


def check(body: str) -> str:
    """Give the GB 32100 check character for the first 17 characters."""
    total = sum(ALPHABET.index(symbol) * weight for symbol, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def flaws(code: str) -> tuple[Flaw, ...]:
    """List what is wrong with a trimmed code, in the order of its characters; empty when it is sound.

    Check characters are looked at only when length and characters are right: before that they prove nothing.
    """
    return _shape(code) or _checks(code)


def _shape(code: str) -> tuple[Flaw, ...]:
    found: list[Flaw] = []
    if len(code) != LENGTH:
        found.append(_flaw("length", {"length": len(code), "wanted": LENGTH}))
    lower = _positions(code, lambda symbol: symbol.isascii() and symbol.islower())
    foreign = _positions(code, lambda symbol: symbol.upper() not in ALPHABET or not symbol.isascii())
    if lower:
        found.append(_flaw("lower_case", {"positions": lower}))
    if foreign:
        found.append(_flaw("characters", {"positions": foreign}))
    if not found and not code[_REGION].isdecimal():
        found.append(_flaw("region", {"region": code[_REGION]}))
    return tuple(found)


def _checks(code: str) -> tuple[Flaw, ...]:
    expected = (
        ("organisation_check", _ORGANISATION_CHECK, organisation_check(code[_ORGANISATION])),
        ("check", _CHECK, check(code[:_CHECK])),
    )
    return tuple(
        _flaw(kind, {"position": position + 1, "found": code[position], "wanted": wanted})
        for kind, position, wanted in expected
        if code[position] != wanted
    )


def _positions(code: str, wrong: Callable[[str], bool]) -> str:
    """Positions of the wrong characters, counted from 1."""
    return ", ".join(str(position) for position, symbol in enumerate(code, start=1) if wrong(symbol))


def _flaw(kind: str, figures: Mapping[str, object]) -> Flaw:
    return Flaw(_POINTER, f"credit_code_{kind}", figures)
