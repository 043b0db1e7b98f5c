"""Meetings over HTTP."""

from service.web.api.meetings import items
from service.web.api.meetings.endpoints import routes

__all__ = ["items", "routes"]
