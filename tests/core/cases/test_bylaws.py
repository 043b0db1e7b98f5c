from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from service.core.cases.bylaws import (
    Bylaws,
    NoBylawsError,
    NoOverrideError,
    Override,
    Share,
    VotingRoleUnknownError,
    bylaws,
)
from service.core.errors import ConflictError
from service.core.people import Role
from service.core.rules.load import load
from service.core.rules.model import Level
from service.core.rules.voting import ShareOf, Tie
from tests.core.cases.meetings import rules

ROOT = Path(__file__).parents[3]


def share(fraction: object, *, strictly: bool = False) -> Share:
    return bylaws(rules(quorum={"of": "seats", "more_than" if strictly else "at_least": fraction})).quorum


def test_the_bylaws_of_the_default_rulebook_are_read_as_they_stand_there() -> None:
    rulebook = load((ROOT / "rules.yaml").read_bytes()).rulebook
    assert rulebook is not None
    assert bylaws(rulebook.bylaws) == Bylaws(
        voting_roles=frozenset({Role.MEMBER, Role.CHAIR}),
        quorum=Share(ShareOf.SEATS, Fraction(2, 3), strictly=False),
        pass_=Share(ShareOf.VOTES_CAST, Fraction(1, 2), strictly=True),
        oppose_is_veto=False,
        abstentions_count_as_present=True,
        tie=Tie.CHAIR,
        override=Override(
            needs=Share(ShareOf.SEATS, Fraction(2, 3), strictly=False),
            reason_required=True,
            forbidden_for_levels=frozenset({Level.LAW}),
        ),
    )


def test_each_switch_is_read_from_its_own_key() -> None:
    plain = bylaws(rules())
    assert (plain.oppose_is_veto, plain.abstentions_count_as_present) == (False, True)
    assert bylaws(rules(oppose_is_veto=True)).oppose_is_veto
    assert not bylaws(rules(abstentions_count_as_present=False)).abstentions_count_as_present
    assert [bylaws(rules(tie=tie)).tie for tie in ("chair", "defer", "reject")] == list(Tie)


def test_no_bylaws_is_told_as_a_conflict() -> None:
    with pytest.raises(NoBylawsError) as refused:
        bylaws({})
    assert isinstance(refused.value, ConflictError)
    assert refused.value.code == "no_bylaws"


def test_a_role_that_nobody_can_hold_gets_no_vote_unnoticed() -> None:
    with pytest.raises(VotingRoleUnknownError) as refused:
        bylaws(rules(seats={"voting_roles": ["elder", "member", "observer"]}))
    assert refused.value.figures == {"roles": ("elder", "observer")}


def test_without_an_override_nothing_is_decided_better_than_its_assessment() -> None:
    raw = dict(rules())
    del raw["override"]
    read = bylaws(raw)
    assert read.override is None
    with pytest.raises(NoOverrideError):
        read.overriding()


def test_levels_that_are_not_forbidden_are_none() -> None:
    override = bylaws(
        rules(override={"needs": {"of": "present", "at_least": 1}, "reason_required": False})
    ).overriding()
    assert override == Override(Share(ShareOf.PRESENT, Fraction(1), strictly=False), False, frozenset())  # noqa: FBT003


@pytest.mark.parametrize("written", ["3/4", "75/100", Decimal("0.75"), Decimal("0.750")])
def test_a_share_is_the_same_however_it_is_written(written: object) -> None:
    assert share(written).fraction == Fraction(3, 4)


@pytest.mark.parametrize(
    ("fraction", "strictly", "base", "needed"),
    [
        ("2/3", False, 6, 4),
        ("2/3", False, 7, 5),
        ("2/3", True, 6, 5),
        ("2/3", True, 7, 5),
        ("1/2", True, 6, 4),
        ("1/2", True, 7, 4),
        ("1/2", False, 6, 3),
        ("1/2", False, 7, 4),
        ("1/1", False, 7, 7),
        ("0/1", False, 7, 1),
        ("0/1", True, 7, 1),
        ("1/2", False, 0, 1),
        ("1/2", True, 0, 1),
        (Decimal("0.3333333333"), False, 3, 1),
        (Decimal("0.3333333334"), False, 3, 2),
    ],
)
def test_a_share_needs_the_least_count_that_is_enough_and_never_none(
    fraction: object,
    strictly: bool,  # noqa: FBT001 - a column of the table
    base: int,
    needed: int,
) -> None:
    assert share(fraction, strictly=strictly).needed(base) == needed


def test_more_than_all_is_more_than_there_are() -> None:
    assert share("1/1", strictly=True).needed(7) == 8


def test_the_count_needed_is_a_share_and_one_less_is_none() -> None:
    for base in range(1, 12):
        for parts in range(1, 8):
            for part in range(parts + 1):
                fraction = Fraction(part, parts)
                needed = share(f"{part}/{parts}").needed(base)
                assert needed >= fraction * base
                assert needed == 1 or needed - 1 < fraction * base
                needed = share(f"{part}/{parts}", strictly=True).needed(base)
                assert needed > fraction * base
                assert needed == 1 or needed - 1 <= fraction * base
