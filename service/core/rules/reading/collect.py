"""Faults as they are found, and in the order they are told."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from service.core.rules.faults import Fault, Place, Severity

# Longer words and later ones get no suggestion: what was meant costs time to find out.
LONGEST_WORD = 64
MOST_MEANT = 20
# How much of two words must be the same for one to be the other misspelt.
NEAR = 0.65


class Faults:
    """The faults of one file while it is read."""

    def __init__(self) -> None:
        self._found: dict[Place, list[Fault]] = {}
        self._meant = 0

    def __len__(self) -> int:
        return sum(map(len, self._found.values()))

    def form(self, place: Place, code: str, **figures: object) -> None:
        """Note a fault of form."""
        self.add(Fault(place, Severity.FORM, code, figures))

    def meaning(self, place: Place, code: str, **figures: object) -> None:
        """Note a fault of meaning."""
        self.add(Fault(place, Severity.MEANING, code, figures))

    def unknown(self, fault: Fault, known: Iterable[str]) -> str | None:
        """Note that the word ``found`` is not known. A close one is given, and the code is ``<code>_meant``."""
        word = str(fault.figures["found"])
        close = self._close(word, known)
        if close is None:
            self.add(replace(fault, figures={**fault.figures, "found": shortened(word)}))
        else:
            self.add(replace(fault, code=f"{fault.code}_meant", figures={**fault.figures, "meant": close}))
        return close

    def add(self, fault: Fault) -> None:
        """Note a fault; the same one at the same place is told once."""
        here = self._found.setdefault(fault.place, [])
        if fault not in here:
            here.append(fault)

    def told(self) -> tuple[Fault, ...]:
        """Give every fault in the order of the file; those at one place in the order they were found."""
        return tuple(fault for place in sorted(self._found) for fault in self._found[place])

    def _close(self, word: str, known: Iterable[str]) -> str | None:
        if len(word) > LONGEST_WORD or self._meant >= MOST_MEANT:
            return None
        self._meant += 1
        return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=NEAR)), None)


def near(word: str, others: Iterable[str]) -> bool:
    """Say whether one word may be one of others, misspelt."""
    return bool(get_close_matches(word, others, n=1, cutoff=NEAR))


def shortened(text: str) -> str:
    """Cut a text that is too long for a message."""
    return text if len(text) <= LONGEST_WORD else f"{text[:LONGEST_WORD]}…"
