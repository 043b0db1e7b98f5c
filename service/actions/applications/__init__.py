"""What people do with applications, one function a deed; each takes the unit of work first."""

from service.actions.applications.create import create
from service.actions.applications.edit import replace_facts
from service.actions.applications.find import LARGEST_PAGE, Page, Query, find
from service.actions.applications.moves import accept, reconsider, return_, withdraw
from service.actions.applications.new import NewApplication
from service.actions.applications.read import Entry, assessment, assessments, get, timeline
from service.actions.applications.submit import submit

__all__ = [
    "LARGEST_PAGE",
    "Entry",
    "NewApplication",
    "Page",
    "Query",
    "accept",
    "assessment",
    "assessments",
    "create",
    "find",
    "get",
    "reconsider",
    "replace_facts",
    "return_",
    "submit",
    "timeline",
    "withdraw",
]
