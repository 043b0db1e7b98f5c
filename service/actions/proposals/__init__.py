"""What people do with editions of the rules: propose one, take it back, decline or release another's."""

from service.actions.proposals.decide import decline, release, withdraw
from service.actions.proposals.propose import NewProposal, propose
from service.actions.proposals.read import Query, compare, find, get

__all__ = ["NewProposal", "Query", "compare", "decline", "find", "get", "propose", "release", "withdraw"]
