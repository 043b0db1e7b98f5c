"""What people do with opinions of departments."""

from service.actions.opinions.ask import accept, ask
from service.actions.opinions.give import NewOpinion, give
from service.actions.opinions.read import Opinion, OpinionState, find, opinion

__all__ = ["NewOpinion", "Opinion", "OpinionState", "accept", "ask", "find", "give", "opinion"]
