"""What was tried of each condition in an expression: to make it true, to make it false, and whether that could be."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from service.core.rules.expressions.nodes import Node
from service.core.rules.lint.surroundings import Surroundings


@dataclass(slots=True)
class Tries:
    """The tries to make a node come out one way: whether one went well, and where the last that did not was made."""

    succeeded: bool = False
    failed_in: Surroundings | None = None

    @property
    def in_vain(self) -> bool:
        """Say whether it was tried and never went well."""
        return self.failed_in is not None and not self.succeeded


@dataclass(slots=True)
class Sites:
    """The conditions and the divisors of expressions, and what they can be."""

    _tries: dict[tuple[int, bool], Tries] = field(default_factory=dict)
    _divisors: dict[int, tuple[Node, bool]] = field(default_factory=dict)

    def tried(self, node: Node, around: Surroundings, *, want: bool, well: bool) -> None:
        """Note a try."""
        tries = self._tries.get((id(node), want))
        if tries is None:
            tries = self._tries[id(node), want] = Tries()
        if well:
            tries.succeeded = True
        else:
            tries.failed_in = around

    def of(self, node: Node, *, want: bool) -> Tries:
        """Give the tries to make a node come out one way."""
        return self._tries.get((id(node), want)) or Tries()

    def divided(self, by: Node, *, zero: bool) -> None:
        """Note a division, and whether the divisor can only be zero."""
        _, always = self._divisors.get(id(by), (by, True))
        self._divisors[id(by)] = by, always and zero

    def zeros(self) -> Iterator[Node]:
        """Give the divisors that were zero wherever they divided."""
        yield from (node for node, always in self._divisors.values() if always)
