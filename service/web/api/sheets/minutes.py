"""The minutes of a meeting in one language: what the values of the action need words for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from service.actions.meetings.minutes import Minutes
from service.core.cases.bylaws import Bylaws, Share, bylaws
from service.core.cases.conditions import said_in
from service.core.cases.minutes import ItemMinutes
from service.core.cases.seats import Because
from service.core.rules.model import Rulebook
from service.web.api.sheets.saying import Saying

# Which rule of the bylaws settles an item, by what its outcome rests on.
RULES: Final[Mapping[Because, str]] = MappingProxyType(
    {
        Because.NO_QUORUM: "quorum",
        Because.VETO: "oppose_is_veto",
        Because.MAJORITY: "pass",
        Because.TIE_CHAIR: "tie",
        Because.TIE_DEFER: "tie",
        Because.TIE_REJECT: "tie",
        Because.NOTHING_CARRIED: "pass",
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the bylaws: its name in the rulebook, and what it says."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate that is waived."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class ToldItem:
    """An item with the rules that decided it, and the gates that were waived."""

    of: ItemMinutes
    edition: str
    waived: tuple[Gate, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ToldMinutes:
    """Minutes in the language of ``saying``."""

    saying: Saying
    of: Minutes
    bylaws_of: str | None
    items: tuple[ToldItem, ...]


def told(minutes: Minutes, saying: Saying) -> ToldMinutes:
    """Tell minutes in one language."""
    held = None if minutes.rulebook is None or not minutes.rulebook.bylaws else bylaws(minutes.rulebook.bylaws)
    title = None if minutes.rulebook is None else saying.label(minutes.rulebook.title)
    edition = "" if minutes.rulebook is None else minutes.rulebook.edition
    return ToldMinutes(
        saying=saying,
        of=minutes,
        bylaws_of=None if title is None else saying.say("edition", title=title, edition=edition),
        items=tuple(_item(minutes, item, held, saying) for item in minutes.items),
    )


def _item(minutes: Minutes, item: ItemMinutes, held: Bylaws | None, saying: Saying) -> ToldItem:
    rulebook = minutes.editions[item.rulebook_sha256]
    labels = {gate.id: saying.label(gate.label) for gate in rulebook.gates}
    return ToldItem(
        of=_in_words(item, rulebook, saying.language),
        edition=saying.say("edition", title=saying.label(rulebook.title), edition=rulebook.edition),
        waived=tuple(Gate(name, labels.get(name, name)) for name in item.waived),
        rules=() if held is None else _rules(item, held, saying),
    )


def _in_words(item: ItemMinutes, rulebook: Rulebook, language: str) -> ItemMinutes:
    """Say the conditions of a decision in the language."""
    if item.decision is None:
        return item
    made = (replace(one, text=said_in(language, one, rulebook)) for one in item.decision.conditions)
    return replace(item, decision=replace(item.decision, conditions=tuple(made)))


def _rules(item: ItemMinutes, held: Bylaws, saying: Saying) -> tuple[Rule, ...]:
    """Say the rule that settled an item, and that of an override if it was one."""
    if item.decision is None:
        return ()
    name = RULES[Because(f"{item.decision.tally['because']}")]
    found = [Rule(name, _text(name, held, saying))]
    if item.decision.override and held.override is not None:
        found.append(Rule("override", saying.say("bylaw_override", share=_share(held.override.needs, saying))))
    return tuple(found)


def _text(name: str, held: Bylaws, saying: Saying) -> str:
    shares = {"quorum": held.quorum, "pass": held.pass_}
    if name in shares:
        return saying.say(f"bylaw_{name}", share=_share(shares[name], saying))
    return saying.words[f"bylaw_tie_{held.tie}" if name == "tie" else f"bylaw_{name}"]


def _share(share: Share, saying: Saying) -> str:
    fraction = f"{share.fraction.numerator}/{share.fraction.denominator}"
    of = saying.words[f"share_of_{share.of}"]
    return saying.say("share_more_than" if share.strictly else "share_at_least", of=of, fraction=fraction)
