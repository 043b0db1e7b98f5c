"""What the bylaws of a rulebook may say where they choose from a few words."""

from enum import StrEnum


class ShareOf(StrEnum):
    """What a share is of."""

    SEATS = "seats"
    PRESENT = "present"
    VOTES_CAST = "votes_cast"


class Tie(StrEnum):
    """What settles a tie."""

    CHAIR = "chair"
    DEFER = "defer"
    REJECT = "reject"
