"""What people do with editions of the rules: propose one, take it back, decline or release another's."""

from service.actions.proposals.decide import decline, look_again, release, withdraw
from service.actions.proposals.loading import may_decide, may_withdraw
from service.actions.proposals.propose import NewProposal, look_at, propose
from service.actions.proposals.read import Query, checks, compare, coverage, find, get, open_ones
from service.actions.proposals.sound import Examined

__all__ = [
    "Examined",
    "NewProposal",
    "Query",
    "checks",
    "compare",
    "coverage",
    "decline",
    "find",
    "get",
    "look_again",
    "look_at",
    "may_decide",
    "may_withdraw",
    "open_ones",
    "propose",
    "release",
    "withdraw",
]
