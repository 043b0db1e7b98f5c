"""What people do with waivers, and which gates of a case are waived."""

from service.actions.waivers.grant import NewWaiver, grant
from service.actions.waivers.read import Query, Waived, find, get, today
from service.actions.waivers.revoke import revoke
from service.actions.waiving import waived

__all__ = ["NewWaiver", "Query", "Waived", "find", "get", "grant", "revoke", "today", "waived"]
