"""Review meetings: what people do with them, one verb a module; each takes the unit of work first."""

from service.actions.meetings.call import NewMeeting, call
from service.actions.meetings.cancel import cancel
from service.actions.meetings.close import close
from service.actions.meetings.decide import Ruling, decide
from service.actions.meetings.items import refresh, table, untable
from service.actions.meetings.loading import OnTable
from service.actions.meetings.open import open_
from service.actions.meetings.places import NewSeat
from service.actions.meetings.read import (
    Ballot,
    Query,
    Seated,
    find,
    get,
    item,
    items,
    recusals,
    seated,
    unvoted,
    votes,
)
from service.actions.meetings.recuse import recuse
from service.actions.meetings.seats import set_seats
from service.actions.meetings.vote import vote

__all__ = [
    "Ballot",
    "NewMeeting",
    "NewSeat",
    "OnTable",
    "Query",
    "Ruling",
    "Seated",
    "call",
    "cancel",
    "close",
    "decide",
    "find",
    "get",
    "item",
    "items",
    "open_",
    "recusals",
    "recuse",
    "refresh",
    "seated",
    "set_seats",
    "table",
    "untable",
    "unvoted",
    "vote",
    "votes",
]
