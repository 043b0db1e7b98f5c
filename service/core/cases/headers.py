"""Who applies for what: the part of an application that is no fact of the rulebook."""

import hashlib
import itertools
import unicodedata
from dataclasses import dataclass

from service.core.cases import credit_codes
from service.core.cases.states import State
from service.core.errors import ConflictError, Flaw
from service.core.ledger.canonical import canonical_bytes

SHORTEST_NAME = 2
LONGEST_NAME = 120
LONGEST_CODE = 64
LONGEST_REASON = 2_000

_MEMBERS = ("applicant_name", "credit_code", "project_name", "project_code")
_BREAKS = "\n\t\r"
# The last two places of every plane of Unicode hold no character.
_NONCHARACTER = 0xFFFE


@dataclass(frozen=True, slots=True)
class Header:
    """Applicant and project, without space around any text. ``project_code`` is the state platform's, or None."""

    applicant_name: str
    credit_code: str
    project_name: str
    project_code: str | None

    @property
    def sha256(self) -> str:
        """The hash (hex) of the four texts, for the ledger."""
        return hashlib.sha256(canonical_bytes({name: getattr(self, name) for name in _MEMBERS})).hexdigest()


class HeaderSettledError(ConflictError):
    """Applicant and project can be changed only before a case is submitted for the first time. Figures: ``state``."""

    code = "header_settled"


def is_settled(state: State, versions: int) -> bool:
    """Whether applicant and project stand as they are: of all but a draft that was never submitted."""
    return state is not State.DRAFT or versions > 0


def require_unsettled(state: State, versions: int) -> None:
    """Raise ``HeaderSettledError`` unless applicant and project may still be changed."""
    if is_settled(state, versions):
        raise HeaderSettledError(state=state.value)


def header(applicant_name: str, credit_code: str, project_name: str, project_code: str | None) -> Header:
    """Take the texts as given; an empty project code is none."""
    return Header(
        applicant_name=applicant_name.strip(),
        credit_code=credit_codes.trimmed(credit_code),
        project_name=project_name.strip(),
        project_code=(project_code or "").strip() or None,
    )


def header_flaws(given: Header) -> tuple[Flaw, ...]:
    """List every flaw of a header, in the order of its members."""
    return (
        *text_flaws("/applicant_name", given.applicant_name, SHORTEST_NAME, LONGEST_NAME),
        *credit_codes.flaws(given.credit_code),
        *text_flaws("/project_name", given.project_name, SHORTEST_NAME, LONGEST_NAME),
        *(() if given.project_code is None else text_flaws("/project_code", given.project_code, 1, LONGEST_CODE)),
    )


def reason_flaws(reason: str) -> tuple[Flaw, ...]:
    """List what is wrong with the reason of a move (without space around it); line breaks and tabs are allowed."""
    return prose_flaws("/reason", reason)


def prose_flaws(pointer: str, text: str) -> tuple[Flaw, ...]:
    """List what is wrong with a text of some length, which a reason is (without space around it)."""
    return text_flaws(pointer, text, 1, LONGEST_REASON, allowed=_BREAKS)


def name_flaws(name: str) -> tuple[Flaw, ...]:
    """List what is wrong with a person's name (without space around it)."""
    return text_flaws("/name", name, 1, LONGEST_NAME)


def unseen_flaws(pointer: str, text: str) -> tuple[Flaw, ...]:
    """Say which character of a text nobody sees, if one is there: none may hide in what is stored or looked for."""
    return _character_flaws(pointer, text, "")


def text_flaws(pointer: str, text: str, shortest: int, longest: int, allowed: str = "") -> tuple[Flaw, ...]:
    """List what is wrong with a text (without space around it); ``allowed`` are unseen characters it may have."""
    if not text:
        return (Flaw(pointer, "text_missing"),)
    found: list[Flaw] = []
    if not shortest <= len(text) <= longest:
        found.append(Flaw(pointer, "text_length", {"length": len(text), "least": shortest, "most": longest}))
    return (*found, *_character_flaws(pointer, text, allowed))


def _character_flaws(pointer: str, text: str, allowed: str) -> tuple[Flaw, ...]:
    bad = (at for at, symbol in enumerate(text, start=1) if symbol not in allowed and _is_unseen(symbol))
    return tuple(Flaw(pointer, "text_character", {"position": at}) for at in itertools.islice(bad, 1))


def _is_unseen(symbol: str) -> bool:
    """Whether it is a control, a lone surrogate, a line separator or no character: a text must not hide those."""
    return unicodedata.category(symbol) in {"Cc", "Cs", "Zl", "Zp"} or ord(symbol) & _NONCHARACTER == _NONCHARACTER
