"""The differences between what two entries say, and between two sets of entries: added, removed, renamed, changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from service.core.rules.comparison.values import Change, Key, Kind, Said, Told
from service.core.rules.model import Words

_LABEL: Final[Key] = ("label", "")
# What says enough of itself to be known again under another name and label.
_TELLING: Final = frozenset({"gates", "criteria", "derived", "categories", "conditions"})


@dataclass(frozen=True, slots=True)
class Entries:
    """What the entries of a section say in both editions, by name."""

    section: str
    before: Mapping[str, Said]
    after: Mapping[str, Said]

    def renamed(self) -> dict[str, str]:
        """Find entries that went on under a new name: nothing else of them changed but perhaps their label."""
        found: dict[str, str] = {}
        for name in (name for name in self.before if name not in self.after):
            free = (new for new in self.after if new not in self.before and new not in found.values())
            match = next((new for new in free if self._is_the_same(name, new)), None)
            if match is not None:
                found[name] = match
        return found

    def changes(self) -> Iterator[Change]:
        """Tell what happened to each entry: first those of the first edition, then the new ones."""
        renamed = self.renamed()
        for name, said in self.before.items():
            new = renamed.get(name, name)
            if new not in self.after:
                yield Change(Kind.REMOVED, self.section, name, label(said), said=said)
                continue
            if new != name:
                yield Change(Kind.RENAMED, self.section, new, label(self.after[new]), before=name, after=new)
            yield from said_otherwise(self.section, new, said, self.after[new])
        for name, said in self.after.items():
            if name not in self.before and name not in renamed.values():
                yield Change(Kind.ADDED, self.section, name, label(said), said=said)

    def _is_the_same(self, name: str, new: str) -> bool:
        before, after = self.before[name], self.after[new]
        different = {key for key in {**before, **after} if not same(before.get(key), after.get(key))}
        return not different or (self.section in _TELLING and different == {_LABEL})


def said_otherwise(section: str, name: str, before: Said, after: Said) -> Iterator[Change]:
    """Tell what one entry says otherwise."""
    called = label(after) or label(before)
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        if not same(was, now):
            yield Change(Kind.CHANGED, section, name, called, *key, was, now)


def same(before: Told, after: Told) -> bool:
    """Say whether two values mean the same; ``true`` is not 1."""
    return isinstance(before, bool) == isinstance(after, bool) and before == after


def label(said: Said) -> Words | None:
    """Give the name that an entry has in both languages."""
    found = next((said[key] for key in (_LABEL, ("title", ""), ("text", "")) if key in said), None)
    return found if isinstance(found, Words) else None
