"""What a file brings: its applications, every flaw of its form, and for every pointer the cell it leads to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.core.errors import Flaw
from service.core.imports.tables import FILE
from service.core.values import Json


@dataclass(frozen=True, slots=True)
class Entry:
    """One application of a file.

    Flaws point below the application, and ``places`` says for such pointers where they stand in the file; what has none
    of its own stands where the longest beginning of its pointer does. One not ``readable`` has flaws only.
    """

    texts: Mapping[str, str]
    facts: dict[str, Json]
    places: Mapping[str, str]
    flaws: tuple[Flaw, ...] = ()
    draft: bool | None = None
    readable: bool = True

    @property
    def place(self) -> str:
        """Where it begins."""
        return self.places[""]

    def place_of(self, pointer: str) -> str:
        """Say where in the file a pointer leads."""
        while pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places[pointer]


@dataclass(frozen=True, slots=True)
class Entries:
    """The applications of a file in order, and the flaws that are of none of them."""

    entries: tuple[Entry, ...]
    flaws: tuple[Flaw, ...] = ()


def too_many(found: int, most: int) -> Entries:
    """Say of a file that it has more applications than are taken; none of them is looked at."""
    return Entries((), (Flaw(FILE, "rows_count", {"found": found, "most": most}),))


def told(at: int, entry: Entry, found: tuple[Flaw, ...]) -> Iterator[Flaw]:
    """Give the flaws of one application as those of the file: its own first, then what they do not already explain."""
    refused = tuple(flaw.pointer for flaw in entry.flaws)
    beyond = (flaw for flaw in found if not any(_is_about(flaw.pointer, pointer) for pointer in refused))
    for flaw in (*entry.flaws, *beyond):
        yield replace(flaw, pointer=f"/rows/{at}{flaw.pointer}", cell=flaw.cell or entry.place_of(flaw.pointer))


def _is_about(pointer: str, refused: str) -> bool:
    return pointer == refused or pointer.startswith(f"{refused}/") or refused.startswith(f"{pointer or None}/")
