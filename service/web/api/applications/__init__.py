"""Applications over HTTP."""

from service.web.api.applications.endpoints import routes

__all__ = ["routes"]
