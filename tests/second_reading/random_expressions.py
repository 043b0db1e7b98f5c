"""Well-typed expressions at random, from a seeded source, over whatever names there are.

A piece is an expression with the level it binds at: 0 for ``? :`` up to 7 for names, literals and calls. Units are kept
as written; two units are the same when they are written alike, and ``QUOTIENTS`` says which two give a third.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.second_reading.language import Plain
from tests.second_reading.random_names import COMPARED, DAYS, LITERALS, PRODUCTS, QUOTIENTS, TEXTS, UNITS, Names

Piece = tuple[int, str]
Shape = Callable[[str, int], Piece]
Told = Callable[[int], Piece]


class Writer:
    """Writes expressions of a kind, not deeper than told."""

    def __init__(self, random: Random, names: Names, loops: int = 0) -> None:
        self.random = random
        self.names = names
        self.loops = loops

    def some(self, options: Plain) -> Plain:
        return self.random.choice(list(options))

    def at(self, level: int, piece: Piece) -> str:
        """Bracket a piece where it binds less than needed, and now and then where it is not needed."""
        if piece[0] < level or self.random.random() < 0.04:
            return f"({piece[1]})"
        return piece[1]

    def chain(self, level: int, operator: str, left: Piece, right: Piece) -> Piece:
        return level, f"{self.at(level, left)} {operator} {self.at(level + 1, right)}"

    def either(self, condition: Piece, then: Piece, otherwise: Piece) -> Piece:
        return 0, f"{self.at(1, condition)} ? {self.at(1, then)} : {self.at(0, otherwise)}"

    # numbers

    def number(self, unit: str, depth: int) -> Piece:
        if depth <= 0 or self.random.random() < 0.25:
            return self.plain_number(unit)
        shapes: list[Shape] = [self.added, self.added, self.scaled, self.scaled, self.combined, self.extreme]
        shapes += [self.wrapped, self.chosen, self.of_list, self.free if unit == "1" else self.scaled]
        return self.random.choice(shapes)(unit, depth - 1)

    def plain_number(self, unit: str) -> Piece:
        return self.literal() if unit == "1" and self.random.random() < 0.25 else self.plain_named(unit)

    def literal(self) -> Piece:
        return 7, self.some(LITERALS)

    def beside(self, unit: str, depth: int) -> Piece:
        """A neighbour: a literal takes the unit it needs."""
        return self.literal() if self.random.random() < 0.4 else self.number(unit, depth)

    def added(self, unit: str, depth: int) -> Piece:
        pair = [self.number(unit, depth), self.beside(unit, depth)]
        self.random.shuffle(pair)
        return self.chain(4, self.some("+-"), *pair)

    def scaled(self, unit: str, depth: int) -> Piece:
        return self.chain(5, self.some("*/"), self.number(unit, depth), self.beside("1", depth))

    def combined(self, unit: str, depth: int) -> Piece:
        ways = [(left, "/", right) for left, right, gives in QUOTIENTS if gives == unit]
        ways += [(left, "*", right) for left, right, gives in PRODUCTS if gives == unit]
        if unit == "1":
            same = self.some(UNITS)
            ways = [(same, "/", same)]
        if not ways:
            return self.added(unit, depth)
        left, operator, right = self.some(ways)
        return self.chain(5, operator, self.number(left, depth), self.number(right, depth))

    def extreme(self, unit: str, depth: int) -> Piece:
        given = [self.number(unit, depth)[1], self.beside(unit, depth)[1]]
        if self.random.random() < 0.3:
            given.append(self.number(unit, depth)[1])
        self.random.shuffle(given)
        return 7, f"{self.some(['min', 'max'])}({', '.join(given)})"

    def wrapped(self, unit: str, depth: int) -> Piece:
        inner = self.number(unit, depth)
        shape = self.some(["abs({})", "round({}, 0)", "round({}, 2)", "-"])
        if shape == "-":
            return self.chain(4, "-", self.plain_named(unit), inner)
        return 7, shape.format(inner[1])

    def plain_named(self, unit: str) -> Piece:
        found = [name for name, has in self.names.numbers.items() if has == unit]
        varying = [name for name in found if not name.startswith("p")]
        return 7, self.some(varying if varying and self.random.random() < 0.9 else found)

    def chosen(self, unit: str, depth: int) -> Piece:
        return self.either(self.boolean(depth), self.number(unit, depth), self.beside(unit, depth))

    def of_list(self, unit: str, depth: int) -> Piece:
        found = self.numbers(unit, depth)
        return self.number(unit, depth) if found is None else (7, f"{self.some(['min', 'max', 'sum', 'sum'])}({found})")

    def free(self, _: str, depth: int) -> Piece:
        """What is unit-free by itself."""
        ways = [self.remainder, lambda depth: (6, f"-{self.at(7, self.number('1', depth))}")]
        if self.names.dates:
            ways.append(lambda _: (7, f"years_between({self.date()}, {self.date()})"))
        if self.names.lists or self.names.texts:
            ways.append(lambda _: (7, f"size({self.some([*self.names.lists, *self.names.texts])})"))
        found: Piece = self.some(ways)(depth)
        return found

    def remainder(self, depth: int) -> Piece:
        return self.chain(5, "%", self.number("1", depth), self.beside("1", depth))

    # lists

    def numbers(self, unit: str, depth: int) -> str | None:
        """A list of numbers, perhaps filtered; None where there is nothing to make one of."""
        plain = [name for name, has in self.names.number_lists.items() if has == unit]
        plain.append(f"[{', '.join(self.plain_named(unit)[1] for _ in range(self.random.randint(1, 3)))}]")
        plain += [found for found in map(self.mapped(unit, depth), self.names.lists) if found]
        chosen = self.some(plain)
        if self.random.random() < 0.4:
            variable = f"n{self.loops}"
            inner = replace(self.names, numbers={**self.names.numbers, variable: unit})
            return (
                f"{chosen}.filter({variable}, {Writer(self.random, inner, self.loops + 1).boolean(min(depth, 1))[1]})"
            )
        return str(chosen)

    def mapped(self, unit: str, depth: int) -> Plain:
        def one(name: str) -> str | None:
            variable = f"r{self.loops}"
            inner = self.names.with_record(variable, self.names.lists[name])
            if not any(field.startswith(f"{variable}.") and has == unit for field, has in inner.numbers.items()):
                return None
            writer = Writer(self.random, inner, self.loops + 1)
            kept = f".filter({variable}, {writer.boolean(min(depth, 1))[1]})" if self.random.random() < 0.5 else ""
            return f"{name}{kept}.map({variable}, {writer.number(unit, min(depth, 1))[1]})"

        return one

    # booleans

    def boolean(self, depth: int) -> Piece:
        if depth <= 0:
            return self.plain_boolean()
        shapes: list[Told] = [self.compared, self.compared, self.compared, self.joined, self.joined, self.joined]
        shapes += [self.negated, self.picked, self.same, self.looped, self.plain_boolean, self.worded, self.dated]
        return self.random.choice(shapes)(depth - 1)

    def plain_boolean(self, _: int = 0) -> Piece:
        ways = [(7, name) for name in self.names.booleans]
        ways += [self.compared(0), self.worded(0)]
        if self.names.presentable:
            ways.append((7, f"present({self.some(self.names.presentable)})"))
        return ways[self.random.randrange(len(ways))]

    def compared(self, depth: int) -> Piece:
        unit = self.any_unit()
        pair = [self.number(unit, depth), self.beside(unit, depth)]
        if self.random.random() < 0.2:
            pair.reverse()
        return self.chain(3, self.some(COMPARED), *pair)

    def any_unit(self) -> str:
        """A unit that some name has, those of facts and figures rather than of parameters."""
        varying = sorted({has for name, has in self.names.numbers.items() if not name.startswith("p")})
        if varying and self.random.random() < 0.9:
            return str(self.some(varying))
        return str(self.some(sorted(set(self.names.numbers.values()))))

    def joined(self, depth: int) -> Piece:
        level, operator = self.some([(1, "||"), (2, "&&")])
        return self.chain(level, operator, self.boolean(depth), self.boolean(depth))

    def negated(self, depth: int) -> Piece:
        return 6, f"!{self.at(7, self.boolean(depth))}"

    def picked(self, depth: int) -> Piece:
        return self.either(self.boolean(depth), self.boolean(depth), self.boolean(depth))

    def same(self, depth: int) -> Piece:
        if self.random.random() < 0.5:
            return self.chain(3, self.some(["==", "!="]), self.bracketed(depth), self.bracketed(depth))
        unit = self.any_unit()
        first, second = (
            f"[{', '.join(self.plain_named(unit)[1] for _ in range(self.random.randint(1, 2)))}]" for _ in range(2)
        )
        return 3, f"{first} {self.some(['==', '!='])} {second}"

    def bracketed(self, depth: int) -> Piece:
        return 7, f"({self.boolean(depth)[1]})"

    def looped(self, depth: int) -> Piece:
        macro = self.some(["exists", "all", "exists_one", "exists_one"])
        if self.names.lists and self.random.random() < 0.7:
            name = self.some(self.names.lists)
            variable = f"r{self.loops}"
            inner = self.names.with_record(variable, self.names.lists[name])
            return (
                7,
                f"{name}.{macro}({variable}, {Writer(self.random, inner, self.loops + 1).boolean(min(depth, 1))[1]})",
            )
        unit = self.any_unit()
        variable = f"n{self.loops}"
        inner = replace(self.names, numbers={**self.names.numbers, variable: unit})
        body = Writer(self.random, inner, self.loops + 1).boolean(depth)[1]
        return 7, f"{self.numbers(unit, 0)}.{macro}({variable}, {body})"

    def worded(self, depth: int) -> Piece:
        ways = [self.of_choice] if self.names.choices else []
        ways += [self.of_text] if self.names.texts else []
        return self.some(ways)() if ways else self.compared(depth)

    def of_choice(self) -> Piece:
        name = self.some(self.names.choices)
        options = self.names.choices[name]
        if self.random.random() < 0.5:
            return 3, f"{name} {self.some(['==', '!='])} {quoted(self.some(options))}"
        kept = self.random.sample(options, self.random.randint(1, len(options)))
        return 3, f"{name} in [{', '.join(map(quoted, kept))}]"

    def of_text(self) -> Piece:
        name, text = self.some(self.names.texts), quoted(self.some(TEXTS))
        shapes = [(7, f"{name}.{method}({text})") for method in ("startsWith", "endsWith", "contains")]
        shapes += [(3, f"{name} == {text}"), (3, f"{name} in [{text}, {quoted(self.some(TEXTS))}]")]
        for listed in self.names.text_lists:
            shapes += [
                (7, f"{listed}.exists(c{self.loops}, {name}.startsWith(c{self.loops}))"),
                (3, f"{name} in {listed}"),
            ]
        found: Piece = self.some(shapes)
        return found

    def dated(self, depth: int) -> Piece:
        if not self.names.dates:
            return self.compared(depth)
        if self.random.random() < 0.5:
            return 3, f"{self.date()} {self.some(COMPARED)} {self.date()}"
        years = f"years_between({self.date()}, {self.date()})"
        return 3, f"{years} {self.some(COMPARED)} {self.some(('0', '1', '-1', '2'))}"

    def date(self) -> str:
        return str(self.some([*self.names.dates, f'date("{self.some(DAYS)}")']))


def quoted(text: str) -> str:
    """Write a text as a literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
