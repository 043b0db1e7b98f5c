"""A whole file: its sections in the order in which they need one another."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.core.rules.faults import Fault
from service.core.rules.model import Rulebook, Words
from service.core.rules.reading import keys
from service.core.rules.reading.bylaws import read_bylaws
from service.core.rules.reading.cases import read_cases
from service.core.rules.reading.collect import MOST_MEANT, Faults, near
from service.core.rules.reading.context import Context
from service.core.rules.reading.criteria import read_criteria, read_dimensions
from service.core.rules.reading.decision import read_decision, read_plan
from service.core.rules.reading.derived import read_derived
from service.core.rules.reading.entries import NOTHING, Entry, words
from service.core.rules.reading.facts import asked_when, read_facts
from service.core.rules.reading.gates import read_categories, read_gates
from service.core.rules.reading.nodes import Node, Table
from service.core.rules.reading.parameters import read_parameters, read_profiles, under
from service.core.rules.reading.scalars import day, label, number, text
from service.core.rules.reading.sources import read_sources
from service.core.rules.reading.text import Source, decode
from service.core.rules.reading.yaml import compose

_NO_DAY = date(1, 1, 1)
_BEGINS = re.compile(r"^[\"']?([A-Za-z_-]+)[\"']?[ \t]*[:：]", re.MULTILINE)
# The names of a section, where they are not called by it.
_NAMED = {"action_plan": "conditions"}


@dataclass(frozen=True, slots=True)
class _Head:
    """Section ``rulebook``."""

    id: str
    edition: str
    title: Words
    in_force_from: date
    profile: str | None


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read. With a fault among ``faults`` the rulebook holds stand-ins and must not be used.

    ``root`` is the tree of its ``source``. Where there is no tree to go on with, there is neither rulebook nor context.
    """

    faults: tuple[Fault, ...]
    rulebook: Rulebook | None = None
    context: Context | None = None
    source: Source | None = None
    root: Node | None = None


def read_file(content: bytes) -> File:
    """Read a rules file as far as it goes, with every fault of form and meaning. Never raises."""
    faults = Faults()
    source, fault = decode(content)
    if fault is not None:
        faults.add(fault)
    root = None if source is None else compose(source, keys.SECTIONS, faults)
    if source is None or root is None:
        return File(faults.told())
    context = Context(source, faults)
    rulebook = _rulebook(root, content, context)
    return File(faults.told(), rulebook, context, source, root)


def _rulebook(root: Node, content: bytes, context: Context) -> Rulebook:
    file = Entry(root, context.faults, *keys.FILE)
    _doubt_missing(file, root, context)
    sources = read_sources(file.node("sources"), context)
    written = read_parameters(file.node("parameters"), context)
    profiles = read_profiles(file.node("profiles"), written, context)
    head = _head(file.node("rulebook"), context)
    facts, asked = read_facts(file.node("facts"), context)
    derived = read_derived(file.node("derived"), asked, context)
    gates = read_gates(file.node("gates"), sources, context)
    categories = read_categories(file.node("categories"), context)
    dimensions = read_dimensions(file.node("dimensions"), context)
    return Rulebook(
        id=head.id,
        edition=head.edition,
        title=head.title,
        in_force_from=head.in_force_from,
        profile=head.profile,
        sources=sources,
        parameters=under(profiles.get(head.profile or "", {}), written, context),
        facts=asked_when(facts, asked, context),
        derived=derived,
        gates=gates,
        categories=categories,
        dimensions=dimensions,
        criteria=read_criteria(file.node("criteria"), context),
        decision=read_decision(file.node("decision"), context.faults),
        action_plan=read_plan(file.node("action_plan"), context),
        bylaws=read_bylaws(file.node("bylaws"), context.faults),
        cases=read_cases(file.node("cases"), context),
        source=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _doubt_missing(file: Entry, root: Node, context: Context) -> None:
    """Call no name unknown that may stand in a section which is missing, misspelt or not read."""
    required, _ = keys.FILE
    unread = file.unknown if not isinstance(root, Table) or root.whole else [*file.unknown, *_begun(root, context)]
    anything = "" in unread or len(unread) > MOST_MEANT
    for section in keys.SECTIONS:
        if section not in file and (anything or section in required.split() or near(section, unread)):
            context.names(_NAMED.get(section, section)).lost = True


def _begun(root: Table, context: Context) -> Iterator[str]:
    """Give the words that begin a line where a section may begin, of a file that was not read to its end.

    ``""`` stands for sections that do not begin lines.
    """
    if root.place.column > 1 or context.source.text.startswith(("{", "["), context.source.lines[root.place.line - 1]):
        yield ""
    known = {key.text for key, _ in root.entries}
    yield from dict.fromkeys(found[1] for found in _BEGINS.finditer(context.source.text) if found[1] not in known)


def _head(node: Node | None, context: Context) -> _Head:
    if node is None:
        return _Head("", "", NOTHING, _NO_DAY, None)
    entry = Entry(node, context.faults, *keys.RULEBOOK)
    entry.get("format", _format)
    context.begins = entry.get("in_force_from", day)
    return _Head(
        id=entry.get("id", label, ""),
        edition=entry.get("edition", text, ""),
        title=entry.get("title", words, NOTHING),
        in_force_from=context.begins or _NO_DAY,
        profile=entry.get("profile", lambda node, _: context.refers_or_null(node, "profiles", "profile_unknown")),
    )


def _format(node: Node, faults: Faults) -> None:
    found = number(node, faults)
    if found is not None and found != 1:
        faults.form(node.place, "format_unknown", found=found)
