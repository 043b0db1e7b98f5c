"""The keys of every table of a rules file: those it must have and those it may have, split at spaces.

The readers hold a file to them, and ``schema`` tells them to editors.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from service.core.rules.model import FactType

Keys: TypeAlias = tuple[str, str]

FILE: Final[Keys] = (
    "rulebook sources facts gates categories dimensions criteria decision action_plan",
    "parameters profiles derived bylaws cases",
)
SECTIONS: Final = tuple(" ".join(FILE).split())
RULEBOOK: Final[Keys] = ("id edition format title in_force_from profile", "")
WORDS: Final[Keys] = ("zh en", "")
SOURCE: Final[Keys] = ("title level in_force_from confirmed", "in_force_until")
CITATION: Final[Keys] = ("source", "article")
PARAMETER: Final[Keys] = ("value label", "unit cite")

NUMBERS: Final = "unit min max min_exclusive max_exclusive decimals"
OF_A_TYPE: Final = f"{NUMBERS} choices of"
FACT: Final[Keys] = ("type label group", f"help required asked_when evidence {OF_A_TYPE}")
FIELD: Final[Keys] = ("type label", f"group help {NUMBERS} choices")
# What only some types have; choices and of must then be there.
OF_TYPE: Final[Mapping[FactType, str]] = MappingProxyType(
    {FactType.NUMBER: NUMBERS, FactType.INTEGER: NUMBERS, FactType.CHOICE: "choices", FactType.LIST: "of"}
)
NEEDED: Final = ("choices", "of")

DERIVED: Final[Keys] = ("value label", "unit decimals")
GATE: Final[Keys] = ("id label fails_when on_fail curable", "applies_when cure cite")
CATEGORY: Final[Keys] = ("id label", "when otherwise best_outcome")
DIMENSION: Final[Keys] = ("weight label", "")
SCALES: Final = ("points", "bands", "choices", "score")
CRITERION: Final[Keys] = ("id dimension weight label", f"applies_when value {' '.join(SCALES)} cite")
BAND: Final[Keys] = ("score", "at_least otherwise")

MARKS: Final = ("approve", "conditional", "defer")
DECISION: Final[Keys] = (f"decimals {' '.join(MARKS)} completeness", "")
MARK: Final[Keys] = ("total each_dimension", "")
COMPLETENESS: Final[Keys] = ("at_least otherwise", "")
ACTION_PLAN: Final[Keys] = ("below", "always")
CONDITION: Final[Keys] = ("id text due", "when")

BYLAWS: Final[Keys] = ("seats quorum pass oppose_is_veto abstentions_count_as_present tie", "override")
SEATS: Final[Keys] = ("voting_roles", "")
OVERRIDE: Final[Keys] = ("needs reason_required", "forbidden_for_levels")
SHARE_OF: Final = ("at_least", "more_than")
SHARE: Final[Keys] = ("of", " ".join(SHARE_OF))

CASE: Final[Keys] = ("name expect", "facts like with")
EXPECT: Final[Keys] = (
    "",
    "outcome failed_gates gates category total dimensions criteria derived completeness unknown action_plan",
)
