"""What people do with opinions of departments."""

from service.actions.opinions.ask import accept, ask
from service.actions.opinions.give import NewOpinion, give
from service.actions.opinions.read import Opinion, OpinionState, find, opinion
from service.actions.opinions.rows import departments_of

__all__ = ["NewOpinion", "Opinion", "OpinionState", "accept", "ask", "departments_of", "find", "give", "opinion"]
