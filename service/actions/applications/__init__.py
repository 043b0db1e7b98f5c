"""What people do with applications, one function a deed; each takes the unit of work first."""

from service.actions.applications.clocks import clock, clocks
from service.actions.applications.create import create
from service.actions.applications.edit import replace_facts
from service.actions.applications.find import LARGEST_PAGE, Page, Query, find
from service.actions.applications.hand_in import hand_in, save
from service.actions.applications.listing import MOST_LISTED, Item, Listing, everything
from service.actions.applications.moves import accept, reconsider, return_, withdraw
from service.actions.applications.new import NewApplication, NewHeader
from service.actions.applications.offered import Case, case, cases
from service.actions.applications.read import Entry, assessment, assessments, get, timeline
from service.actions.applications.rename import header_of, rename
from service.actions.applications.submit import submit
from service.actions.applications.versions import Compared, Version, differences, version, versions

__all__ = [
    "LARGEST_PAGE",
    "MOST_LISTED",
    "Case",
    "Compared",
    "Entry",
    "Item",
    "Listing",
    "NewApplication",
    "NewHeader",
    "Page",
    "Query",
    "Version",
    "accept",
    "assessment",
    "assessments",
    "case",
    "cases",
    "clock",
    "clocks",
    "create",
    "differences",
    "everything",
    "find",
    "get",
    "hand_in",
    "header_of",
    "reconsider",
    "rename",
    "replace_facts",
    "return_",
    "save",
    "submit",
    "timeline",
    "version",
    "versions",
    "withdraw",
]
